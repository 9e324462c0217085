import { type Currency, currencies } from './currency.js';
import { baseCurrency, rates, ratesAsOf } from './rates.js';

/** A currency of this server with its rate. */
export interface RatedOrNot extends Currency {
  /** Units of it for one unit of the base currency, an exact decimal; null converts to nothing. */
  readonly rate: string | null;
}

/** The currencies of a server and what they are worth, of one date and from one source. It is never changed: new rates are a new table. */
export interface RateTable {
  /** The currency that the rates are given against. */
  readonly base: string;
  /** The date of the rates, as YYYY-MM-DD. */
  readonly asOf: string;
  /** The source of the rates, in words for people, or the address of a service. */
  readonly source: string;
  /** The currencies, sorted by code. */
  readonly currencies: readonly RatedOrNot[];
}

const builtInSource = 'built-in table';

/** The rates that count where the operator gives none. */
export const builtInRates: RateTable = {
  base: baseCurrency,
  asOf: ratesAsOf,
  source: builtInSource,
  currencies: currencies.map((currency) => ({ ...currency, rate: rates[currency.code] ?? null })),
};

const byCode = new WeakMap<RateTable, ReadonlyMap<string, RatedOrNot>>();

/** The currency in the table; the same object each time, so that what follows from its rate is worked out once. */
export function findRated(table: RateTable, code: string): RatedOrNot | undefined {
  let map = byCode.get(table);
  if (map === undefined) {
    map = new Map(table.currencies.map((currency) => [currency.code, currency]));
    byCode.set(table, map);
  }
  return map.get(code);
}

/** Whether two tables say the same. */
export const isSameTable = (one: RateTable, other: RateTable): boolean => tableText(one) === tableText(other);

const tableText = ({ base, asOf, source, currencies: list }: RateTable) =>
  JSON.stringify([base, asOf, source, currenciesText(list)]);

/** The currencies of a table as they are kept. */
export const currenciesText = (list: readonly RatedOrNot[]): string =>
  JSON.stringify(list.map(({ code, name, symbol, digits, rate }) => [code, name, symbol, digits, rate]));

/** The currencies that such a text stands for. */
export const readCurrenciesText = (text: string): readonly RatedOrNot[] =>
  (JSON.parse(text) as readonly [string, string, string, number, string | null][]).map(
    ([code, name, symbol, digits, rate]) => ({ code, name, symbol, digits, rate }),
  );

const oldAfterDays = 90;
const dayMs = 24 * 3600 * 1000;

/** The age in days of rates that nobody should take for fresh; undefined where they are fresh. */
export function tooOldDays(asOf: string, now: Date): number | undefined {
  const days = Math.floor((now.getTime() - Date.parse(`${asOf}T00:00:00Z`)) / dayMs);
  return days > oldAfterDays ? days : undefined;
}
