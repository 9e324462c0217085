import { isPostgres, shownPlace } from '../../../db/postgres/place.js';
import { CommandProblem } from './command-problem.js';

/** Throws CommandProblem where the books are not a file of SQLite; the advice says what to do instead. */
export function refusePostgres(databasePath: string, advice: string): void {
  if (isPostgres(databasePath)) {
    throw new CommandProblem(1, `The books are kept in ${shownPlace(databasePath)}. ${advice}`);
  }
}
