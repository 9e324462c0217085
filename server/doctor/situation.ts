import { shownPlace } from '../../db/postgres/place.js';
import { besideServer } from '../compose/beside-server.js';
import { findRunning, type RunningState } from '../compose/running-server.js';
import { readSettings } from '../read-settings.js';
import { type Environment, type ServerFlags, type Settings, SettingsError } from '../settings.js';

/** An installation as it stands: its settings, which are those of its server where one runs, and that server. */
export interface Situation {
  readonly settings: Settings;
  readonly running: RunningState | undefined;
  /** Why the settings of the running server are not right for this program; undefined where they are. */
  readonly settingsProblem: string | undefined;
  /** The database as it is shown. */
  readonly place: string;
}

/**
 * Finds the installation that flags and environment name. What the running server was given counts beside them, since
 * whoever looks has not started it. Throws SettingsError.
 */
export async function readSituation(flags: ServerFlags, environment: Environment): Promise<Situation> {
  const own = readSettings(flags, environment);
  const running = await findRunning(besideServer(own)).catch(() => undefined);
  const place = shownPlace(own.databasePath);
  const given = running?.about?.settings;
  if (given === undefined) {
    return { settings: own, running, settingsProblem: undefined, place };
  }
  try {
    const where = { data: own.dataDir, databaseUrl: own.databasePath };
    return { settings: readSettings(where, given), running, settingsProblem: undefined, place };
  } catch (error) {
    if (!(error instanceof SettingsError)) {
      throw error;
    }
    return { settings: own, running, settingsProblem: error.message, place };
  }
}
