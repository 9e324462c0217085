import { join } from 'node:path';
import * as z from 'zod';
import { dataFolder } from './data-folder.js';
import { isLoopback } from './network.js';
import {
  type Environment,
  optionOf,
  type ReadSettings,
  type ServerFlags,
  type Setting,
  type Settings,
  SettingsError,
  settingTable,
} from './settings.js';

const settings: readonly (readonly [string, Setting])[] = Object.entries(settingTable);

const schema = z.strictObject(
  Object.fromEntries(
    settings.map(([name, { form, preset }]) => [
      name,
      preset === undefined ? form.optional() : form.prefault(preset),
    ]),
  ),
);

interface Given {
  /** The flag or variable that the value came from. */
  readonly source: string;
  readonly text: string;
}

const flagName = (option: string) =>
  option.slice(2).replaceAll(/-[a-z]/g, ([, letter = '']) => letter.toUpperCase());

function givenFor(
  setting: Setting,
  flags: Readonly<Record<string, string | undefined>>,
  environment: Environment,
): Given | undefined {
  const option = optionOf(setting);
  const fromFlag = option === undefined ? undefined : flags[flagName(option)];
  if (option !== undefined && fromFlag !== undefined) {
    return { source: option, text: fromFlag };
  }
  const fromEnvironment = environment[setting.variable];
  // A variable that is set to nothing counts as not set: shells and service files leave such behind.
  return fromEnvironment === undefined || fromEnvironment === ''
    ? undefined
    : { source: setting.variable, text: fromEnvironment };
}

/** A URL may carry a password, also where it lacks its slashes, or among its parameters: it must not reach the screen or a log. */
function withoutCredentials(text: string): string {
  const before = /\/\/.*@/s.test(text) ? /(\/\/).*@/s : /^([^/@:]*:\/?).*@/s;
  return text.replace(before, '$1***@').replaceAll(/(\bpassword\s*=\s*)(?:'[^']*'|[^&\s]+)/gi, '$1***');
}

function complaint(given: Given | undefined, expected: string): string {
  const value = JSON.stringify(withoutCredentials(given?.text ?? ''));
  return `${given?.source}: ${value} is not right; give ${expected}${expected.endsWith('.') ? '' : '.'}`;
}

/**
 * The place of books that an option of one command names, in the forms that `--database-url` takes.
 * @throws SettingsError
 */
export function readPlace(option: string, text: string): string {
  const { success, data, error } = settingTable.databasePath.form.safeParse(text);
  if (!success) {
    throw new SettingsError(complaint({ source: option, text }, error.issues[0]?.message ?? ''));
  }
  return data;
}

/** The settings of where the books are: the URL of a database may hold a password. */
const whereabouts: readonly string[] = ['dataDir', 'databasePath'];

/**
 * The settings that flags and environment give, but for where the books are, as an environment that says the same in any
 * folder: paths are absolute. What is wrong is as it was given.
 */
export function givenSettings(
  flags: ServerFlags,
  environment: Environment,
): Readonly<Record<string, string>> {
  const given = settings
    .filter(([name]) => !whereabouts.includes(name))
    .map(([, setting]): readonly [string, string | undefined] => {
      const text = givenFor(setting, flags, environment)?.text;
      const { data } = setting.form.safeParse(text);
      return [setting.variable, typeof data === 'string' ? data : text];
    });
  return Object.fromEntries(given.filter((one): one is [string, string] => one[1] !== undefined));
}

function refuseHalfCertificate({ tlsCertPath, tlsKeyPath }: ReadSettings): void {
  if ((tlsCertPath === undefined) !== (tlsKeyPath === undefined)) {
    const [there, lacking] =
      tlsCertPath === undefined
        ? [settingTable.tlsKeyPath, settingTable.tlsCertPath]
        : [settingTable.tlsCertPath, settingTable.tlsKeyPath];
    throw new SettingsError(
      `${optionOf(there)} needs ${optionOf(lacking)} (${lacking.variable}): give both or neither.`,
    );
  }
}

/** A certificate to know another service by says nothing where that service is not named, or is asked without TLS. */
function refuseIdleAuthority({
  timeAddress,
  timeCaPath,
  conversionUrl,
  conversionCaPath,
}: ReadSettings): void {
  const { timeAddress: time, timeCaPath: timeCa, conversionUrl: url, conversionCaPath: urlCa } = settingTable;
  if (timeCaPath !== undefined && timeAddress === undefined) {
    throw new SettingsError(
      `${optionOf(timeCa)} (${timeCa.variable}) needs ${optionOf(time)} (${time.variable}): say where that timestamp service is, or leave both out.`,
    );
  }
  if (conversionCaPath !== undefined && conversionUrl?.startsWith('https:') !== true) {
    throw new SettingsError(
      `${optionOf(urlCa)} (${urlCa.variable}) needs ${optionOf(url)} (${url.variable}) with an https: URL.`,
    );
  }
}

/** Refuses a plain timestamp service on another machine: what it says could be changed on the way. */
function refusePlainTime({ timeAddress, timeCaPath }: ReadSettings): void {
  if (timeAddress !== undefined && timeCaPath === undefined && !isLoopback(timeAddress.host)) {
    const { timeAddress: time, timeCaPath: ca } = settingTable;
    throw new SettingsError(
      `${optionOf(time)} (${time.variable}) names another machine, ${timeAddress.host}, which is asked over TLS alone: run pay-time there with ` +
        `--tls-cert and --tls-key, and give its certificate, or that of its authority, here with ${optionOf(ca)} (${ca.variable}).`,
    );
  }
}

function usualDataDir(environment: Environment): string {
  const usual = dataFolder(environment);
  if ('problem' in usual) {
    const { dataDir } = settingTable;
    throw new SettingsError(
      `${usual.problem}: name the data folder with ${optionOf(dataDir)} (${dataDir.variable}).`,
    );
  }
  return usual.folder;
}

/**
 * The settings that the operator decided, from flags (which win), environment and defaults; checked and frozen.
 * @throws SettingsError naming every wrong value, where it came from and what would be right.
 */
export function readSettings(flags: ServerFlags, environment: Environment): Settings {
  const given = new Map<string, Given>();
  for (const [name, setting] of settings) {
    const found = givenFor(setting, flags, environment);
    if (found !== undefined) {
      given.set(name, found);
    }
  }
  const texts = Object.fromEntries([...given].map(([name, { text }]) => [name, text]));
  const parsed = schema.safeParse(texts);
  if (!parsed.success) {
    const complaints = parsed.error.issues.map(({ path, message }) =>
      complaint(given.get(String(path[0])), message),
    );
    throw new SettingsError(complaints.join('\n'));
  }
  // The schema was made of the table entry by entry, as the type was; what nobody decides is there, undefined.
  const read = Object.fromEntries(settings.map(([name]) => [name, parsed.data[name]])) as ReadSettings;
  refuseHalfCertificate(read);
  refuseIdleAuthority(read);
  refusePlainTime(read);
  const dataDir = read.dataDir ?? usualDataDir(environment);
  return Object.freeze({ ...read, dataDir, databasePath: read.databasePath ?? join(dataDir, 'pay.db') });
}
