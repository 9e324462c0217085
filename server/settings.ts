import { join } from 'node:path';
import envPaths from 'env-paths';
import { z } from 'zod';
import type { Money } from './money/money.js';
import {
  choiceSetting,
  conversionUrlSetting,
  databaseSetting,
  type HostAndPort,
  hostAndPortSetting,
  hostSetting,
  openingCreditSetting,
  pathSetting,
  portSetting,
} from './setting-values.js';

const logLevels = {
  fatal: 'fatal',
  error: 'error',
  warn: 'warn',
  info: 'info',
  debug: 'debug',
  trace: 'trace',
  silent: 'silent',
} as const;

export type LogLevel = keyof typeof logLevels;

export type MetricsReader = 'loopback' | 'anyone';

/** Where each setting comes from (DESIGN.md, Configuration): the flag as commander names it, and the variable. */
const origins = {
  dataDir: { flag: 'data', variable: 'PAY_DATA_DIR' },
  host: { flag: 'host', variable: 'PAY_HOST' },
  port: { flag: 'port', variable: 'PAY_PORT' },
  tlsCertPath: { flag: 'tlsCert', variable: 'PAY_TLS_CERT' },
  tlsKeyPath: { flag: 'tlsKey', variable: 'PAY_TLS_KEY' },
  timePort: { flag: 'timePort', variable: 'PAY_TIME_PORT' },
  timeAddress: { flag: 'timeAddress', variable: 'PAY_TIME_ADDRESS' },
  databasePath: { flag: 'databaseUrl', variable: 'PAY_DATABASE_URL' },
  conversionUrl: { flag: 'conversionUrl', variable: 'PAY_CONVERSION_URL' },
  openingCredit: { flag: 'openingCredit', variable: 'PAY_OPENING_CREDIT' },
  requestsCheckFunds: { flag: undefined, variable: 'PAY_REQUESTS_CHECK_FUNDS' },
  webhooksPrivate: { flag: undefined, variable: 'PAY_WEBHOOKS_PRIVATE' },
  rateLimits: { flag: undefined, variable: 'PAY_RATE_LIMITS' },
  metrics: { flag: undefined, variable: 'PAY_METRICS' },
  logLevel: { flag: undefined, variable: 'PAY_LOG_LEVEL' },
} as const;

/** The form of each setting, and what stands where nobody sets it. */
const configSchema = z.strictObject({
  dataDir: pathSetting.optional(),
  host: hostSetting.prefault('127.0.0.1'),
  port: portSetting.prefault('8443'),
  tlsCertPath: pathSetting.optional(),
  tlsKeyPath: pathSetting.optional(),
  timePort: portSetting.prefault('10000'),
  timeAddress: hostAndPortSetting.optional(),
  databasePath: databaseSetting.optional(),
  conversionUrl: conversionUrlSetting.optional(),
  openingCredit: openingCreditSetting.prefault('1000.00 GBP'),
  requestsCheckFunds: choiceSetting({ true: true, false: false }).prefault('false'),
  webhooksPrivate: choiceSetting({ true: true, false: false }).prefault('false'),
  rateLimits: choiceSetting({ on: true, off: false }).prefault('on'),
  metrics: choiceSetting<MetricsReader>({ loopback: 'loopback', anyone: 'anyone' }).prefault('loopback'),
  logLevel: choiceSetting<LogLevel>(logLevels).prefault('info'),
});

type SettingName = keyof typeof origins;

/** The flags of `pay-server start` as commander names them: `--tls-cert` is `tlsCert`. */
export type ServerFlags = {
  readonly [Flag in Exclude<(typeof origins)[SettingName]['flag'], undefined>]?: string | undefined;
};

export type Environment = Readonly<Record<string, string | undefined>>;

/** Everything that the operator decides. All paths are absolute. */
export interface Config {
  readonly dataDir: string;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Both or neither. */
  readonly tlsCertPath: string | undefined;
  readonly tlsKeyPath: string | undefined;
  /** Where the server's own timestamp service listens; 0 takes a free one. */
  readonly timePort: number;
  /** A timestamp service that runs elsewhere; then none of its own is started. */
  readonly timeAddress: HostAndPort | undefined;
  readonly databasePath: string;
  /** Base URL without a slash at its end; none means the server's own conversion. */
  readonly conversionUrl: string | undefined;
  readonly openingCredit: Money;
  readonly requestsCheckFunds: boolean;
  /** Whether webhooks may lead to private addresses, and over plain http. */
  readonly webhooksPrivate: boolean;
  readonly rateLimits: boolean;
  /** Who may read the metrics. */
  readonly metrics: MetricsReader;
  readonly logLevel: LogLevel;
}

/** A setting that the server cannot start with; the message has one line for each, with its name and what would be right. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

interface Given {
  /** The flag or variable that the value came from. */
  readonly source: string;
  readonly text: string;
}

function givenFor(name: SettingName, flags: ServerFlags, environment: Environment): Given | undefined {
  const { flag, variable } = origins[name];
  const fromFlag = flag === undefined ? undefined : flags[flag];
  if (flag !== undefined && fromFlag !== undefined) {
    return {
      source: `--${flag.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      text: fromFlag,
    };
  }
  const fromEnvironment = environment[variable];
  // A variable that is set to nothing counts as not set: shells and service files leave such behind.
  return fromEnvironment === undefined || fromEnvironment === ''
    ? undefined
    : { source: variable, text: fromEnvironment };
}

/** A URL may carry a password, which must not reach the screen or a log. */
function withoutCredentials(text: string): string {
  return text.replace(/\/\/.*@/s, '//***@');
}

function complaint(given: Given | undefined, expected: string): string {
  const value = JSON.stringify(withoutCredentials(given?.text ?? ''));
  return `${given?.source}: ${value} is not right; give ${expected}${expected.endsWith('.') ? '' : '.'}`;
}

/**
 * What the operator decided, from flags (which win), environment and defaults; checked and frozen.
 * @throws ConfigError naming every wrong value, where it came from and what would be right.
 */
export function readConfig(flags: ServerFlags, environment: Environment): Config {
  const given = new Map<string, Given>();
  for (const name of Object.keys(origins) as SettingName[]) {
    const found = givenFor(name, flags, environment);
    if (found !== undefined) {
      given.set(name, found);
    }
  }
  const texts = Object.fromEntries([...given].map(([name, { text }]) => [name, text]));
  const parsed = configSchema.safeParse(texts);
  if (!parsed.success) {
    const complaints = parsed.error.issues.map(({ path, message }) =>
      complaint(given.get(String(path[0])), message),
    );
    throw new ConfigError(complaints.join('\n'));
  }
  const { dataDir = envPaths('pay', { suffix: '' }).data, tlsCertPath, tlsKeyPath, ...rest } = parsed.data;
  if ((tlsCertPath === undefined) !== (tlsKeyPath === undefined)) {
    const [there, lacking] = tlsCertPath === undefined ? ['key', 'cert'] : ['cert', 'key'];
    throw new ConfigError(
      `--tls-${there} needs --tls-${lacking} (PAY_TLS_${lacking.toUpperCase()}): give both or neither.`,
    );
  }
  return Object.freeze({
    ...rest,
    dataDir,
    tlsCertPath,
    tlsKeyPath,
    databasePath: rest.databasePath ?? join(dataDir, 'pay.db'),
    timeAddress: rest.timeAddress,
    conversionUrl: rest.conversionUrl,
  });
}
