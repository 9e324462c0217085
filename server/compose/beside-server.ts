import { join } from 'node:path';
import { isPostgres } from '../../db/postgres/place.js';
import type { Settings } from '../settings.js';

/** The path that what a running server leaves for the commands beside it is named after: its database, or where that is no file one in the data folder. */
export const besideServer = ({
  dataDir,
  databasePath,
}: Pick<Settings, 'dataDir' | 'databasePath'>): string =>
  isPostgres(databasePath) ? join(dataDir, 'pay.postgres') : databasePath;
