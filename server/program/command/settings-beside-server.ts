import { besideServer } from '../../compose/beside-server.js';
import { findRunning } from '../../compose/running-server.js';
import { readSettings } from '../../read-settings.js';
import type { Environment, ServerFlags, Settings } from '../../settings.js';

/**
 * The settings of a command that does what the server does: those of the server that runs on the same books, where flags and
 * environment say nothing else, since whoever types it has not started that server. Throws SettingsError.
 */
export async function settingsBesideServer(flags: ServerFlags, environment: Environment): Promise<Settings> {
  const own = readSettings(flags, environment);
  const running = await findRunning(besideServer(own)).catch(() => undefined);
  return readSettings(flags, { ...running?.about?.settings, ...environment });
}
