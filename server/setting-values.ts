import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { wantedOfUrl } from '../db/postgres/cluster/hosts.js';
import { isPostgres } from '../db/postgres/place.js';
import { builtInCurrency } from './money/currency.js';
import { parseAmount } from './money/parse.js';
import type { MoneyJson } from './money/wire.js';
import { isLoopback } from './network.js';
import {
  type Figures,
  type LimitName,
  type Limits,
  type Share,
  type ShareName,
  undividedShares,
  usualLimits,
} from './rate-figures.js';

export interface HostAndPort {
  /** The host: a name or an address, without brackets. */
  readonly host: string;
  readonly port: number;
}

/** A text setting read by `read`, which gives the value, or says what would be right. */
function setting<Value>(read: (text: string) => { value: Value } | { expected: string }) {
  return z.string().transform((text, context): Value => {
    const result = read(text);
    if ('value' in result) {
      return result.value;
    }
    context.addIssue({ code: 'custom', message: result.expected });
    return z.NEVER;
  });
}

function isHostName(text: string): boolean {
  const label = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i;
  return text.length <= 253 && text.split('.').every((part) => label.test(part)) && !/^[0-9.]+$/.test(text);
}

function readHost(text: string): string | undefined {
  const bare = /^\[(.*)\]$/.exec(text)?.[1];
  if (bare !== undefined) {
    return isIP(bare) === 6 ? bare : undefined;
  }
  return isIP(text) !== 0 || isHostName(text) ? text : undefined;
}

function readPort(text: string, lowest: number): number | undefined {
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return port >= lowest && port <= 65_535 ? port : undefined;
}

/** Any path, made absolute. */
export const pathSetting = setting((text) =>
  text === '' || text.includes('\0') ? { expected: 'a path' } : { value: resolve(text) },
);

export const hostSetting = setting((text) => {
  const host = readHost(text);
  return host === undefined
    ? { expected: 'a host name or an IP address, such as 127.0.0.1' }
    : { value: host };
});

/** A port to listen on. */
export const portSetting = setting((text) => {
  const port = readPort(text, 0);
  return port === undefined
    ? { expected: 'a port from 0 to 65535, where 0 takes a free one' }
    : { value: port };
});

/** The address at which another service listens. */
export const hostAndPortSetting = setting<HostAndPort>((text) => {
  const parts = /^(?<host>\[[^\]]*\]|[^:]*):(?<port>[0-9]+)$/.exec(text)?.groups;
  const [host, port] = [readHost(parts?.host ?? ''), readPort(parts?.port ?? '', 1)];
  return host === undefined || port === undefined
    ? { expected: 'host:port, such as time.example.org:10000 or [::1]:10000' }
    : { value: Object.freeze({ host, port }) };
});

const databaseForms =
  'a path, file:///path or sqlite:///path, without parameters, or postgres://user@host/database';

function pathOfUrl(text: string): string | undefined {
  const rest = text.replace(/^(?:file|sqlite):/i, '');
  try {
    return rest.startsWith('/') ? fileURLToPath(`file:${rest}`) : decodeURIComponent(rest);
  } catch {
    return undefined;
  }
}

/**
 * Whether what is no URL is meant for one of a database, with a space or a quote before it or without its colon, or for a list such
 * as libpq takes. As a path it would be a new database in a folder with a password in its name.
 */
const looksLikeDatabase = (text: string): boolean =>
  /:\/\/|^[\s'"]*postgres(?:ql)?:?\/\/|(?:^|\s)(?:host|dbname|password)\s*=/i.test(text);

/** The file of the SQLite database, or the URL of one of PostgreSQL. */
export const databaseSetting = setting((text) => {
  if (isPostgres(text)) {
    const expected = wantedOfUrl(text);
    return expected === undefined ? { value: text } : { expected };
  }
  // One letter and a colon is a drive of Windows, not a scheme.
  const isUrl = /^[a-z][a-z0-9+.-]+:/i.test(text);
  const isMisspelt = isUrl || looksLikeDatabase(text);
  const path = /^(?:file|sqlite):[^?#]*$/i.test(text) ? pathOfUrl(text) : isMisspelt ? undefined : text;
  if (path === undefined || path === '' || path.includes('\0')) {
    return { expected: databaseForms };
  }
  return path.includes(':memory:')
    ? { expected: `${databaseForms}; books in memory would not outlast the server` }
    : { value: resolve(path) };
});

/** The base of another conversion service, without a slash at its end. */
export const conversionUrlSetting = setting((text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  const isPlain = url?.username === '' && url.password === '' && !/[?#]/.test(text);
  return url !== undefined && isSafe && isPlain
    ? { value: url.href.replace(/\/+$/, '') }
    : { expected: 'an https: URL (http: only on this machine) without credentials or parameters' };
});

const isZero = (amount: string) => /^0(?:\.0+)?$/.test(amount);

/** Money that new users can be given; nothing where it is `none` or zero. Whether it is an amount of a currency of the operator's own is seen once those are read. */
export const openingCreditSetting = setting<MoneyJson>((text) => {
  if (text.trim() === 'none') {
    return { value: Object.freeze({ amount: '0', currency: 'GBP' }) };
  }
  const [amount = '', code = '', ...more] = text.trim().split(/\s+/);
  if (!/^[A-Z]{3}$/.test(code) || more.length > 0) {
    return { expected: '`none`, or an amount and the code of a currency, such as "1000.00 GBP"' };
  }
  if (isZero(amount)) {
    return { value: Object.freeze({ amount: '0', currency: code }) };
  }
  // The most digits that a currency can have count for one that is not built in.
  const parsed = parseAmount(amount, builtInCurrency(code) ?? { code, name: code, symbol: code, digits: 6 });
  return 'fault' in parsed
    ? { expected: `an amount as in "1000.00 GBP". ${parsed.message}` }
    : { value: Object.freeze({ amount, currency: code }) };
});

/** A whole number of something, in words such as `hours`. */
export const wholeNumberSetting = (unit: string, { least, most }: { least: number; most: number }) =>
  setting((text) => {
    const value = /^[0-9]{1,9}$/.test(text) ? Number(text) : Number.NaN;
    return value >= least && value <= most ? { value } : { expected: `${least} to ${most} ${unit}` };
  });

const isNetwork = (text: string) => {
  const [address = '', bits, ...more] = text.split('/');
  const most = isIP(address) === 6 ? 128 : 32;
  return (
    isIP(address) !== 0 &&
    more.length === 0 &&
    (bits === undefined || (/^[0-9]{1,3}$/.test(bits) && Number(bits) <= most))
  );
};

/** Addresses and networks. */
export const networksSetting = setting<readonly string[]>((text) => {
  const networks = text.split(/[\s,]+/).filter((network) => network !== '');
  return networks.length > 0 && networks.length <= 100 && networks.every(isNetwork)
    ? { value: Object.freeze(networks) }
    : { expected: 'addresses and networks, such as "10.0.0.7 192.0.2.0/24 2001:db8::/32"' };
});

const limitPattern = /^(?<name>[A-Za-z]+)=(?<first>[1-9][0-9]{0,6})\/(?<second>[1-9][0-9]{0,6})$/;

/** The longest window: a longer one would outlive what counts it. */
const longestWindowSeconds = 86_400;

/** Puts one change, such as `login=100/300`, into the tables; gives whether it is one. */
function changeLimit(
  change: string,
  rates: Record<LimitName, Figures>,
  shares: Record<ShareName, Share>,
): boolean {
  const { name = '', first, second } = limitPattern.exec(change)?.groups ?? {};
  const [one, other] = [Number(first), Number(second)];
  if (Object.hasOwn(rates, name) && other <= longestWindowSeconds) {
    rates[name as LimitName] = { points: one, windowSeconds: other };
    return true;
  }
  if (Object.hasOwn(shares, name) && one <= other) {
    shares[name as ShareName] = { ofOne: one, inAll: other };
    return true;
  }
  return false;
}

/** The limits of how often something is asked, and of what one takes of what all share: `off`, the usual ones, or those with changes. */
export const rateLimitsSetting = setting<Limits>((text) => {
  if (text === 'off') {
    return { value: Object.freeze({ rates: undefined, shares: undividedShares }) };
  }
  const [rates, shares] = [{ ...usualLimits.rates } as Record<LimitName, Figures>, { ...usualLimits.shares }];
  const changes = text === 'on' ? [] : text.split(/[\s,]+/).filter((word) => word !== '');
  if (!changes.every((change) => changeLimit(change, rates, shares))) {
    const [ofRates, ofShares] = [Object.keys(rates).join(', '), Object.keys(shares).join(', ')];
    return {
      expected: `on, off, or limits as name=points/seconds, such as "login=100/300" (${ofRates}), and shares as name=ofOne/inAll, such as "lists=2/4" (${ofShares})`,
    };
  }
  return { value: Object.freeze({ rates: Object.freeze(rates), shares: Object.freeze(shares) }) };
});

/** One word of a few. */
export function choiceSetting<Value>(choices: Readonly<Record<string, Value>>) {
  return setting<Value>((text) => {
    const value = Object.hasOwn(choices, text) ? choices[text] : undefined;
    return value === undefined ? { expected: `one of ${Object.keys(choices).join(', ')}` } : { value };
  });
}
