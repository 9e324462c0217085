/** Why the database cannot be used, in words for the operator: what is wrong and what to do about it. */
export class DatabaseProblem extends Error {
  override readonly name = 'DatabaseProblem';
}

/** Another process that is alive holds the database. */
export class DatabaseHeld extends DatabaseProblem {}
