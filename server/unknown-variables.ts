import { type Environment, settingTable } from './settings.js';

/** Variables of the other programs, and of the units. */
const others = new Set([
  ...['PAY_SERVER', 'PAY_TOKEN', 'PAY_PROFILE', 'PAY_CONFIG_DIR', 'PAY_CA', 'PAY_PAGER', 'PAY_KEYCHAIN'],
  ...['PAY_BACKUP', 'PAY_BACKUP_THEN', 'PAY_TIME_FLAGS'],
]);

/** The variables that look like settings and are none: misspelt, or of another version. */
export function unknownVariables(variables: Environment): readonly string[] {
  const ours = new Set<string>(Object.values(settingTable).map(({ variable }) => variable));
  return Object.keys(variables).filter((name) => /^PAY_/.test(name) && !ours.has(name) && !others.has(name));
}
