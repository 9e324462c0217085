import { stat } from 'node:fs/promises';
import { openMaker } from '../../db/connect.js';
import { databaseSize } from '../../db/postgres/open/database-size.js';
import { postgresProblem } from '../../db/postgres/open/postgres-problem.js';
import { refuseUnfit } from '../../db/postgres/open/refuse-unfit.js';
import { isPostgres, shownPlace } from '../../db/postgres/place.js';
import { doubtful, type Finding, right } from './finding.js';
import type { BookFacts } from './read-books.js';
import { bytesText } from './words.js';

export const database = 'database';

/** A server copies its log into the database from 128 MB on; one that grows beyond this is kept from it. */
const longLogBytes = 512_000_000;

const sizeOf = (path: string) =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

/** The bytes that a database of PostgreSQL takes, which must be one that keeps what it acknowledges. */
async function sizeOfPostgres(url: string): Promise<number> {
  const connection = openMaker(url);
  try {
    await refuseUnfit(connection, url);
    return await databaseSize(connection);
  } catch (error) {
    throw postgresProblem(url, error);
  } finally {
    await connection.destroy();
  }
}

async function logOf(place: string): Promise<Finding | string> {
  if (isPostgres(place)) {
    return `it takes ${bytesText(await sizeOfPostgres(place))} and syncs what it acknowledges`;
  }
  const bytes = await sizeOf(`${place}-wal`);
  return bytes > longLogBytes
    ? doubtful(
        database,
        `its log ${place}-wal has grown to ${bytesText(bytes)}: something reads the database and does not end`,
        'Find who has it open (fuser), and end that.',
      )
    : bytes === 0
      ? 'no log is left to read'
      : `its log of ${bytesText(bytes)} is sound`;
}

/** Whether the database is one that a server can go on with. Throws DatabaseProblem where PostgreSQL does not keep what it acknowledges. */
export async function lookAtDatabase(
  place: string,
  { applied, pending, payments }: BookFacts,
): Promise<Finding> {
  const shown = shownPlace(place);
  if (pending.length > 0) {
    return doubtful(
      database,
      `${shown} has yet to be brought up to date (${pending.join(', ')})`,
      'pay-server upgrade does it while the server is stopped; so does its next start.',
    );
  }
  const log = await logOf(place);
  return typeof log === 'string'
    ? right(database, `${shown}, payments: ${payments}, schema ${applied.at(-1)}; ${log}`)
    : log;
}
