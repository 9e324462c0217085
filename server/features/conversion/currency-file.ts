import { parse as parseToml, TomlError } from 'smol-toml';
import * as z from 'zod';
import { readAtMost } from '../../../db/files/read-at-most.js';
import { repeatedMemberName } from '../../http/read/repeated-member.js';
import { builtInCurrency } from '../../money/currency.js';
import type { RatedOrNot, RateTable } from '../../money/rate-table.js';
import { baseCurrency } from '../../money/rates.js';

/** The most bytes of a file: more than any list of currencies takes. */
const largestFileBytes = 256 * 1024;
const mostCurrencies = 500;

/** Why a file of currencies cannot be used: where in it, and what would be right. */
export class CurrencyFileFault extends Error {
  override readonly name = 'CurrencyFileFault';
}

const code = z.string().regex(/^[A-Z]{3}$/, 'a currency is named by three capital letters, such as PTS');

const rate = z
  .string('a rate is text, such as "1.27", so that none of it is lost')
  .regex(
    /^(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?$/,
    'a rate is a decimal such as "1.27", with at most 15 digits before its point and 15 behind it',
  )
  .refine((text) => /[1-9]/.test(text), 'a rate is more than zero');

const shortText = (most: number, what: string) =>
  z.string().regex(new RegExp(`^[^\\p{C}\\p{Z}](?:[^\\p{C}]{0,${most - 2}}[^\\p{C}\\p{Z}])?$`, 'u'), {
    error: `${what} is up to ${most} characters, without line breaks or blanks around it`,
  });

const currencySchema = z.strictObject({
  name: shortText(60, 'a name').optional(),
  symbol: shortText(8, 'a symbol').optional(),
  digits: z.int().min(0).max(6, 'a currency has 0 to 6 digits behind the point').optional(),
  rate: rate.optional(),
});

/** The form of the file, as TOML or JSON. */
const currencyFileSchema = z.strictObject({
  base: code.default(baseCurrency),
  ratesAsOf: z.iso.date('the date of the rates is text, such as "2026-11-20"'),
  source: shortText(200, 'where the rates come from').default("the operator's file"),
  currencies: z
    .record(code, currencySchema)
    .refine((list) => Object.keys(list).length > 0, 'name at least one currency')
    .refine((list) => Object.keys(list).length <= mostCurrencies, `at most ${mostCurrencies} currencies`),
});

type Path = readonly PropertyKey[];

/** The line, counted from one, where what the path leads to begins: each name is looked for from where the one before it stands. */
function lineOf(text: string, path: Path): number {
  const lines = text.split(/\r?\n/);
  let line = 0;
  for (const name of path) {
    const key = String(name).replace(/[^A-Za-z0-9_-]/g, '\\$&');
    const pattern = new RegExp(`^\\s*\\[.*\\b${key}\\b.*\\]|(?:^|[\\s{,."'])${key}["']?\\s*[=:.]`);
    const found = lines.findIndex((one, index) => index >= line && pattern.test(one.replace(/#.*$/, '')));
    line = found === -1 ? line : found;
  }
  return line + 1;
}

const fault = (path: string, line: number, reason: string) =>
  new CurrencyFileFault(`${path}, line ${line}: ${reason}.`);

/** The line of the character that JSON.parse stumbles over; the last where it names none. */
function lineOfJsonError(text: string, error: Error): number {
  const position = /at position (\d+)/.exec(error.message)?.[1];
  return text.slice(0, position === undefined ? text.length : Number(position)).split('\n').length;
}

function parseJson(path: string, text: string): unknown {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw fault(path, lineOfJsonError(text, error as Error), 'this is not JSON');
  }
  const repeated = repeatedMemberName(text);
  if (repeated !== undefined) {
    throw fault(path, lineOf(text, [repeated]), `${repeated} appears twice`);
  }
  return parsed;
}

function parse(path: string, text: string): unknown {
  if (path.toLowerCase().endsWith('.json')) {
    return parseJson(path, text);
  }
  try {
    return parseToml(text);
  } catch (error) {
    if (error instanceof TomlError) {
      const [, reason = 'this is not TOML'] = /^Invalid TOML document: (.*)/.exec(error.message) ?? [];
      throw fault(path, error.line, reason);
    }
    throw error;
  }
}

type Given = z.output<typeof currencySchema>;

/** The fault of one currency: the member that is to blame, and why. */
function faultOf(currencyCode: string, given: Given, base: string): readonly [string, string] | undefined {
  const builtIn = builtInCurrency(currencyCode);
  const differing = (['name', 'symbol', 'digits'] as const).find(
    (member) => given[member] !== undefined && given[member] !== builtIn?.[member],
  );
  if (builtIn && differing !== undefined) {
    return [differing, `${currencyCode} is ${builtIn.name}, whose ${differing} is ${builtIn[differing]}`];
  }
  if (!builtIn && (given.name === undefined || given.digits === undefined)) {
    return ['', `${currencyCode} is a currency of your own: give its name and its digits (0 to 6)`];
  }
  if (currencyCode === base && given.rate !== undefined && !/^1(?:\.0+)?$/.test(given.rate)) {
    return ['rate', `${base} is the base, whose rate is 1`];
  }
  return undefined;
}

function ratedOf(currencyCode: string, given: Given, base: string): RatedOrNot {
  const { name = '', symbol = currencyCode, digits = 0 } = { ...builtInCurrency(currencyCode), ...given };
  return {
    code: currencyCode,
    name,
    symbol,
    digits,
    rate: currencyCode === base ? '1' : (given.rate ?? null),
  };
}

/**
 * The currencies and rates of a file of the operator; its name tells TOML from JSON. Throws CurrencyFileFault with line
 * and reason.
 */
export function parseCurrencyFile(path: string, text: string): RateTable {
  const { data, error } = currencyFileSchema.safeParse(parse(path, text));
  const [issue] = error?.issues ?? [];
  if (issue) {
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
    const where = [...issue.path, ...unknown];
    const named = where.length === 0 ? '' : `${where.join('.')}: `;
    throw fault(path, lineOf(text, where), `${named}${reasonOf(issue)}`);
  }
  const { base, ratesAsOf, source, currencies } = data as z.output<typeof currencyFileSchema>;
  const codes = Object.keys(currencies).sort();
  for (const one of codes) {
    const [member, reason] = faultOf(one, currencies[one] as Given, base) ?? [];
    if (reason !== undefined) {
      throw fault(path, lineOf(text, ['currencies', one, ...(member ? [member] : [])]), reason);
    }
  }
  const list = codes.map((one) => ratedOf(one, currencies[one] as Given, base));
  return { base, asOf: ratesAsOf, source, currencies: list };
}

type Issue = z.core.$ZodIssue;

function reasonOf(issue: Issue): string {
  if (issue.code === 'unrecognized_keys') {
    return 'is not a member that this file can have';
  }
  if (issue.code === 'invalid_key') {
    return issue.issues[0]?.message ?? issue.message;
  }
  return issue.message.replace(/\.$/, '');
}

/** Reads the file at the path. Throws CurrencyFileFault. */
export async function readCurrencyFile(path: string): Promise<RateTable> {
  let bytes: Buffer | undefined;
  try {
    bytes = await readAtMost(path, largestFileBytes);
  } catch (error) {
    const { code: reason } = error as NodeJS.ErrnoException;
    throw new CurrencyFileFault(`${path} cannot be read (${reason}).`);
  }
  if (bytes === undefined) {
    throw new CurrencyFileFault(`${path} is larger than ${largestFileBytes / 1024} KiB.`);
  }
  return parseCurrencyFile(path, new TextDecoder().decode(bytes));
}
