import type { Logger } from 'pino';
import { makeFolder } from '../../db/files/data-folder.js';
import { lockDatabase } from '../../db/open/lock-database.js';
import { type HeldDatabase, holdDatabase } from '../../db/open/open-database.js';
import { isPostgres } from '../../db/postgres/place.js';
import type { Settings } from '../settings.js';
import { readIdentity } from '../tls/identity.js';
import { besideServer } from './beside-server.js';
import type { Closing } from './closing.js';

function tellUpdated({ copy, applied }: HeldDatabase, logger: Logger): void {
  if (copy !== undefined) {
    logger.info(
      { migrations: applied, kept: copy },
      'the database was brought up to date; a copy of it as it was is kept until somebody removes it',
    );
  } else if (applied.length > 0) {
    logger.info({ migrations: applied }, 'the database was brought up to date');
  }
}

/**
 * Takes the data folder and the database for this server, and brings the database up to date, of which the log tells. Throws
 * DatabaseProblem.
 */
export async function holdBooks(settings: Settings, logger: Logger, closing: Closing): Promise<HeldDatabase> {
  if (isPostgres(settings.databasePath)) {
    // Of SQLite the database itself is in the data folder, or has a lock beside it.
    await makeFolder(settings.dataDir);
    const lock = await lockDatabase(besideServer(settings));
    closing.add(() => lock.release());
  }
  const held = await holdDatabase(settings.databasePath, await readIdentity(settings.dataDir));
  closing.add(() => held.release());
  tellUpdated(held, logger);
  return held;
}
