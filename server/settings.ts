import { join } from 'node:path';
import { z } from 'zod';
import { dataFolder } from './data-folder.js';
import {
  choiceSetting,
  conversionUrlSetting,
  databaseSetting,
  hostAndPortSetting,
  hostSetting,
  isLoopback,
  networksSetting,
  openingCreditSetting,
  pathSetting,
  portSetting,
  rateLimitsSetting,
  wholeNumberSetting,
} from './setting-values.js';

/** One thing that the operator decides. */
export interface Setting<Form extends z.ZodType = z.ZodType> {
  /** As commander takes it: `--port <number>`; none where only the environment says it. */
  readonly flag?: `--${string} <${string}>`;
  readonly variable: `PAY_${string}`;
  /** What its text must be, and what becomes of it. */
  readonly form: Form;
  /** The text that stands where nobody sets it; there need be none. */
  readonly preset?: string;
  /** What holds where there is no preset, in words. */
  readonly otherwise?: string;
  /** What it decides, as a clause. */
  readonly help: string;
}

const yesOrNo = choiceSetting({ true: true, false: false });

const logLevels = {
  fatal: 'fatal',
  error: 'error',
  warn: 'warn',
  info: 'info',
  debug: 'debug',
  trace: 'trace',
  silent: 'silent',
} as const;

/**
 * Everything that the operator decides (DESIGN.md, Configuration). Flags, variables, defaults, what is right, the help of
 * the commands and the README's table come from here.
 */
export const settingTable = {
  dataDir: {
    flag: '--data <folder>',
    variable: 'PAY_DATA_DIR',
    form: pathSetting,
    otherwise: 'the data folder of the platform',
    help: 'where the database, the certificate and its key are kept',
  },
  databasePath: {
    flag: '--database-url <path>',
    variable: 'PAY_DATABASE_URL',
    form: databaseSetting,
    otherwise: 'pay.db in the data folder',
    help: 'the database file',
  },
  host: {
    flag: '--host <address>',
    variable: 'PAY_HOST',
    form: hostSetting,
    preset: '127.0.0.1',
    help: 'the address to listen on',
  },
  port: {
    flag: '--port <number>',
    variable: 'PAY_PORT',
    form: portSetting,
    preset: '8443',
    help: 'the port to listen on, 0 for a free one',
  },
  tlsCertPath: {
    flag: '--tls-cert <file>',
    variable: 'PAY_TLS_CERT',
    form: pathSetting,
    otherwise: 'one that is made on the first start and kept in the data folder',
    help: 'the certificate',
  },
  tlsKeyPath: {
    flag: '--tls-key <file>',
    variable: 'PAY_TLS_KEY',
    form: pathSetting,
    otherwise: 'one that is made on the first start and kept in the data folder',
    help: 'the private key of the certificate',
  },
  timePort: {
    flag: '--time-port <number>',
    variable: 'PAY_TIME_PORT',
    form: portSetting,
    preset: '10000',
    help: 'the port of the timestamp service that the server runs itself, 0 for a free one',
  },
  timeAddress: {
    flag: '--time-address <host:port>',
    variable: 'PAY_TIME_ADDRESS',
    form: hostAndPortSetting,
    otherwise: 'none',
    help: 'a timestamp service elsewhere (pay-time), in place of the own one',
  },
  timeCaPath: {
    flag: '--time-ca <file>',
    variable: 'PAY_TIME_CA',
    form: pathSetting,
    otherwise: 'none: without TLS, on this machine alone',
    help: 'the certificate that the timestamp service elsewhere shows, or that of its authority; nobody else is believed',
  },
  conversionUrl: {
    flag: '--conversion-url <url>',
    variable: 'PAY_CONVERSION_URL',
    form: conversionUrlSetting,
    otherwise: 'none: the server converts itself',
    help: 'a conversion service elsewhere',
  },
  conversionCaPath: {
    flag: '--conversion-ca <file>',
    variable: 'PAY_CONVERSION_CA',
    form: pathSetting,
    otherwise: 'the known authorities',
    help: 'the certificate that the conversion service elsewhere shows, or that of its authority; nobody else is believed',
  },
  currenciesPath: {
    flag: '--currencies <file>',
    variable: 'PAY_CURRENCIES',
    form: pathSetting,
    otherwise: 'none: the built-in table',
    help: "a file with currencies and rates of one's own",
  },
  openingCredit: {
    flag: '--opening-credit <money>',
    variable: 'PAY_OPENING_CREDIT',
    form: openingCreditSetting,
    preset: '1000.00 GBP',
    help: "what a new user is given, converted to the user's currency; `none` for nothing",
  },
  registration: {
    flag: '--registration <policy>',
    variable: 'PAY_REGISTRATION',
    form: choiceSetting<'open' | 'invite' | 'closed'>({ open: 'open', invite: 'invite', closed: 'closed' }),
    preset: 'open',
    help: 'who may register: anyone (`open`), with an invitation (`invite`), or whom administrators register (`closed`)',
  },
  refundDays: {
    variable: 'PAY_REFUND_DAYS',
    form: wholeNumberSetting('days', { least: 1, most: 36_500 }),
    preset: '180',
    help: 'for how many days a payment across currencies can be given back, which is at its own rate',
  },
  sessionIdleHours: {
    variable: 'PAY_SESSION_IDLE_HOURS',
    form: wholeNumberSetting('hours', { least: 1, most: 24 * 366 }),
    preset: '24',
    help: 'after how many hours a session ends that is left alone',
  },
  sessionDays: {
    variable: 'PAY_SESSION_DAYS',
    form: wholeNumberSetting('days', { least: 1, most: 366 }),
    preset: '30',
    help: 'after how many days a session ends, however much it is used',
  },
  requestsCheckFunds: {
    variable: 'PAY_REQUESTS_CHECK_FUNDS',
    form: yesOrNo,
    preset: 'true',
    help: '`true` refuses a request for more than its payer holds; `false` keeps secret from requesters what that is',
  },
  webhooksPrivate: {
    variable: 'PAY_WEBHOOKS_PRIVATE',
    form: yesOrNo,
    preset: 'false',
    help: '`true` lets webhooks go to private addresses, and over plain http',
  },
  trustedProxies: {
    variable: 'PAY_TRUSTED_PROXIES',
    form: networksSetting,
    otherwise: 'none',
    help: 'addresses and networks of proxies whose `X-Forwarded-For` says where a request comes from',
  },
  rateLimits: {
    variable: 'PAY_RATE_LIMITS',
    form: rateLimitsSetting,
    preset: 'on',
    help: '`off` behind something that limits; or figures of GET /v1/server in place of the usual ones, as `login=100/300 guessesAtPlace=3/60 lists=2/4`',
  },
  diskFloorMegabytes: {
    variable: 'PAY_DISK_FLOOR_MB',
    form: wholeNumberSetting('megabytes', { least: 0, most: 100_000_000 }),
    preset: '100',
    help: 'with less than this left on the disk of the database only small writes are taken, such as single payments',
  },
  metrics: {
    variable: 'PAY_METRICS',
    form: choiceSetting<'loopback' | 'anyone'>({ loopback: 'loopback', anyone: 'anyone' }),
    preset: 'loopback',
    help: '`anyone` lets every address read `/metrics`',
  },
  logLevel: {
    variable: 'PAY_LOG_LEVEL',
    form: choiceSetting<keyof typeof logLevels>(logLevels),
    preset: 'info',
    help: 'from which level on there is one JSON line an event on stderr, in words on a terminal',
  },
} as const satisfies Record<string, Setting>;

type SettingTable = typeof settingTable;
export type SettingName = keyof SettingTable;

type CamelCase<Words extends string> = Words extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Words;

type FlagName<One> = One extends { readonly flag: `--${infer Words} <${string}>` } ? CamelCase<Words> : never;

/** What the flags of a command say, under the names that commander gives them: `--tls-cert` is `tlsCert`. */
export type ServerFlags = {
  readonly [Name in SettingName as FlagName<SettingTable[Name]>]?: string | undefined;
};

export type Environment = Readonly<Record<string, string | undefined>>;

type Preset = { readonly preset: string };

type Read = {
  readonly [Name in SettingName]:
    | z.output<SettingTable[Name]['form']>
    | (SettingTable[Name] extends Preset ? never : undefined);
};

/** Everything that the operator has decided. All paths are absolute; of certificate and key there are both or neither. */
export interface Settings extends Read {
  readonly dataDir: string;
  readonly databasePath: string;
}

/** A setting that the server cannot start with; the message has one line for each, with its name and what would be right. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

const settings: readonly (readonly [string, Setting])[] = Object.entries(settingTable);

/** The name of a flag without the word for its value: `--tls-cert`. */
export const optionOf = ({ flag }: Pick<Setting, 'flag'>): string | undefined => flag?.split(' ')[0];

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

/** A URL may carry a password, which must not reach the screen or a log. */
function withoutCredentials(text: string): string {
  return text.replace(/\/\/.*@/s, '//***@');
}

function complaint(given: Given | undefined, expected: string): string {
  const value = JSON.stringify(withoutCredentials(given?.text ?? ''));
  return `${given?.source}: ${value} is not right; give ${expected}${expected.endsWith('.') ? '' : '.'}`;
}

function refuseHalfCertificate({ tlsCertPath, tlsKeyPath }: Read): void {
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
function refuseIdleAuthority({ timeAddress, timeCaPath, conversionUrl, conversionCaPath }: Read): void {
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

/** What a timestamp service says on the way from another machine could be changed there. */
function refusePlainTime({ timeAddress, timeCaPath }: Read): void {
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
 * What the operator decided, from flags (which win), environment and defaults; checked and frozen.
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
  const read = Object.fromEntries(settings.map(([name]) => [name, parsed.data[name]])) as Read;
  refuseHalfCertificate(read);
  refuseIdleAuthority(read);
  refusePlainTime(read);
  const dataDir = read.dataDir ?? usualDataDir(environment);
  return Object.freeze({ ...read, dataDir, databasePath: read.databasePath ?? join(dataDir, 'pay.db') });
}
