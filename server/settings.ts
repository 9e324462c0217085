import type * as z from 'zod';
import {
  choiceSetting,
  conversionUrlSetting,
  databaseSetting,
  hostAndPortSetting,
  hostSetting,
  networksSetting,
  openingCreditSetting,
  pathSetting,
  portSetting,
  rateLimitsSetting,
  wholeNumberSetting,
} from './setting-values.js';

/** One thing that the operator decides. */
export interface Setting<Form extends z.ZodType = z.ZodType> {
  /** The flag as commander takes it: `--port <number>`; none where only the environment says it. */
  readonly flag?: `--${string} <${string}>`;
  readonly variable: `PAY_${string}`;
  /** The form of its text, and what becomes of it. */
  readonly form: Form;
  /** The text that stands where nobody sets it; there need be none. */
  readonly preset?: string;
  /** The words for what holds where there is no preset. */
  readonly otherwise?: string;
  /** The help: what it decides, as a clause. */
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
 * The settings: everything that the operator decides. Flags, variables, defaults, what is right, the help of the commands
 * and the README's table come from here.
 */
export const settingTable = {
  dataDir: {
    flag: '--data <folder>',
    variable: 'PAY_DATA_DIR',
    form: pathSetting,
    otherwise: 'the data folder of the platform',
    help: 'where the database, the certificate, its key and those of second factors are kept',
  },
  databasePath: {
    flag: '--database-url <path>',
    variable: 'PAY_DATABASE_URL',
    form: databaseSetting,
    otherwise: 'pay.db in the data folder',
    help: 'the database: a file, or one of PostgreSQL by its URL (postgres://user@host/database)',
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
  adminSecondFactor: {
    variable: 'PAY_ADMIN_SECOND_FACTOR',
    form: choiceSetting<'optional' | 'required'>({ optional: 'optional', required: 'required' }),
    preset: 'optional',
    help: '`required` lets an administrator without a second factor read, and change nothing',
  },
  leakedPasswordsPath: {
    variable: 'PAY_LEAKED_PASSWORDS',
    form: pathSetting,
    otherwise: 'none',
    help: 'a file of leaked passwords, which nobody may choose: their SHA-1 in hexadecimal, one a line, sorted, as Have I Been Pwned gives them',
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

/** The flags of a command, under the names that commander gives them: `--tls-cert` is `tlsCert`. */
export type ServerFlags = {
  readonly [Name in SettingName as FlagName<SettingTable[Name]>]?: string | undefined;
};

export type Environment = Readonly<Record<string, string | undefined>>;

type Preset = { readonly preset: string };

/** The settings as they are read, before what follows from others is filled in. */
export type ReadSettings = {
  readonly [Name in SettingName]:
    | z.output<SettingTable[Name]['form']>
    | (SettingTable[Name] extends Preset ? never : undefined);
};

/** The settings that the operator has decided. All paths are absolute; of certificate and key there are both or neither. */
export interface Settings extends ReadSettings {
  readonly dataDir: string;
  readonly databasePath: string;
}

/** A setting that the server cannot start with; the message has one line for each, with its name and what would be right. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** The name of a flag without the word for its value: `--tls-cert`. */
export const optionOf = ({ flag }: Pick<Setting, 'flag'>): string | undefined => flag?.split(' ')[0];
