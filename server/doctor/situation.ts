import { isPostgres, shownPlace } from '../../db/postgres/place.js';
import { besideOthers, besideServer } from '../compose/beside-server.js';
import { findRunning, type RunningState } from '../compose/running-server.js';
import { readSettings } from '../read-settings.js';
import { type Environment, type ServerFlags, type Settings, SettingsError } from '../settings.js';

/** An installation as it stands: its settings, which are those of its server where one runs, and that server. */
export interface Situation {
  readonly settings: Settings;
  readonly running: RunningState | undefined;
  /** A server of this data folder that has another database, where none has this one. */
  readonly elsewhere: RunningState | undefined;
  /** Why the settings of the running server are not right for this program; undefined where they are. */
  readonly settingsProblem: string | undefined;
  /** The database as it is shown. */
  readonly place: string;
}

const findAt = (path: string): Promise<RunningState | undefined> => findRunning(path).catch(() => undefined);

/** The server on these books, or else one of the same data folder on others. */
async function findServers(own: Settings, place: string): Promise<Pick<Situation, 'running' | 'elsewhere'>> {
  const found = await findAt(besideServer(own));
  // In a data folder all databases of PostgreSQL have one place.
  const isElsewhere = isPostgres(own.databasePath) && (found?.about?.database ?? place) !== place;
  if (found !== undefined) {
    return isElsewhere ? { running: undefined, elsewhere: found } : { running: found, elsewhere: undefined };
  }
  const others = await Promise.all(besideOthers(own).map(findAt));
  return { running: undefined, elsewhere: others.find((other) => other !== undefined) };
}

/**
 * Finds the installation that flags and environment name. What the running server was given counts beside them, since
 * whoever looks has not started it. Throws SettingsError.
 */
export async function readSituation(flags: ServerFlags, environment: Environment): Promise<Situation> {
  const own = readSettings(flags, environment);
  const place = shownPlace(own.databasePath);
  const servers = await findServers(own, place);
  const { running } = servers;
  const given = running?.about?.settings;
  if (given === undefined) {
    return { settings: own, ...servers, settingsProblem: undefined, place };
  }
  try {
    const where = { data: own.dataDir, databaseUrl: own.databasePath };
    return { settings: readSettings(where, given), ...servers, settingsProblem: undefined, place };
  } catch (error) {
    if (!(error instanceof SettingsError)) {
      throw error;
    }
    return { settings: own, ...servers, settingsProblem: error.message, place };
  }
}
