import { join } from 'node:path';
import { isPostgres } from '../../db/postgres/place.js';
import type { Settings } from '../settings.js';

const ofPostgres = 'pay.postgres';
const usualFile = 'pay.db';

/** The path that what a running server leaves for the commands beside it is named after: its database, or where that is no file one in the data folder. */
export const besideServer = ({
  dataDir,
  databasePath,
}: Pick<Settings, 'dataDir' | 'databasePath'>): string =>
  isPostgres(databasePath) ? join(dataDir, ofPostgres) : databasePath;

/** The same of servers of this data folder that were given another kind of database. */
export const besideOthers = (settings: Pick<Settings, 'dataDir' | 'databasePath'>): readonly string[] =>
  [ofPostgres, usualFile]
    .map((name) => join(settings.dataDir, name))
    .filter((path) => path !== besideServer(settings));
