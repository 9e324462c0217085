import { DatabaseProblem } from '../../files/database-problem.js';
import { notWritable } from '../cluster/cluster.js';
import { shownPlace } from '../place.js';
import { connectionLost, PostgresError } from '../postgres-error.js';

/** The reasons for which PostgreSQL lets nobody in: wrong password, no such user, no such database. */
const notLetIn = new Set(['28P01', '28000', '3D000', '42501']);

/** What a command says of a PostgreSQL that it cannot use; any other error as it is. */
export function postgresProblem(url: string, error: unknown): unknown {
  if (!(error instanceof PostgresError)) {
    return error;
  }
  const place = shownPlace(url);
  if (error.code === connectionLost) {
    return new DatabaseProblem(
      `PostgreSQL does not answer at ${place} (${error.reason}). Look whether it runs and whether the URL names it rightly, then try again.`,
      { cause: error },
    );
  }
  if (error.code === notWritable) {
    return new DatabaseProblem(
      `${place} cannot be written: ${error.reason}. Promote a standby, or name the primary in the URL, then try again.`,
      { cause: error },
    );
  }
  return new DatabaseProblem(
    notLetIn.has(error.code)
      ? `PostgreSQL at ${place} does not let this user in, or not do what it must (${error.reason}). Give it a database of its own (create database pay owner …), or mend the URL.`
      : `${place} cannot be used now (${error.reason}). Look into the log of PostgreSQL, then try again.`,
    { cause: error },
  );
}
