import { convertDownAt, costAt, isMoreThanTenthOff, type RatedCurrency } from '../../money/convert.js';
import type { Currency } from '../../money/currency.js';
import { findRated, type RatedOrNot, type RateTable } from '../../money/rate-table.js';
import { type Converter, type Quote, type QuoteRequest, quoteAt } from './converter.js';
import type { Exchange, RateBoard } from './exchange.js';
import { type RemoteConverter, unavailable } from './remote-converter.js';

/** How long the rates of the service are shown before they are asked for anew. */
const freshMs = 60_000;

export interface RemoteExchangeParts {
  readonly board: RateBoard;
  readonly remote: RemoteConverter;
  readonly url: string;
  /** Puts rates into force; resolves once the ledger goes by them. */
  readonly putIntoForce: (table: RateTable) => Promise<void>;
  /** Told what an operator has to look at. */
  readonly warn: (text: string) => void;
  readonly nowMs: () => number;
}

export interface RemoteExchange extends Exchange {
  /** Takes the rates of the service as they are, whatever they were before: an operator has allowed them. */
  allow(currencies: readonly Currency[], base: string): Promise<void>;
}

const isRated = (currency: RatedOrNot | undefined): currency is RatedOrNot & RatedCurrency =>
  currency !== undefined && currency.rate !== null;

/** Whether amounts of minor units differ by more than a tenth of the one that was expected, and by more than rounding explains. */
const isFarOff = (minor: number, expected: number) =>
  10n * BigInt(Math.abs(minor - expected)) > BigInt(expected) + 10n;

/** Whether a quote is more than a tenth off what the rates in force give for the side that is fixed. */
export function isQuoteFarOff(
  { sent, received }: Quote,
  fixed: QuoteRequest['fixed'],
  table: RateTable,
): boolean {
  const [from, to] = [findRated(table, sent.currency), findRated(table, received.currency)];
  if (!isRated(from) || !isRated(to)) {
    return false;
  }
  const [minor, expected] =
    fixed === 'sent'
      ? [received.minor, convertDownAt(sent.minor, from, to)]
      : [sent.minor, costAt(received.minor, from, to)];
  return expected === undefined || isFarOff(minor, expected);
}

/** The currencies whose rate is more than a tenth off the one before; both tables are against the same base. */
export function farOffCurrencies(before: RateTable, after: RateTable): readonly string[] {
  return after.currencies.flatMap(({ code, rate }) => {
    const last = findRated(before, code)?.rate ?? null;
    const isOff = rate !== null && last !== null && isMoreThanTenthOff(rate, last);
    return isOff ? [code] : [];
  });
}

const notAllowed = (codes: readonly string[]) =>
  unavailable(
    `gives rates for ${codes.join(', ')} that are more than a tenth off the last ones, which an operator has to allow (pay-server rates reload)`,
  );

/**
 * The exchange at the rates of another service. What it said last is in force, kept with the books; what is more than a
 * tenth off that is not believed until an operator allows it.
 */
export function makeRemoteExchange(parts: RemoteExchangeParts): RemoteExchange {
  const { board, remote, url, putIntoForce, warn, nowMs } = parts;
  let lastTable: RateTable | undefined;
  let fetchedAtMs = Number.NEGATIVE_INFINITY;
  let refreshing: Promise<void> | undefined;

  const isOurs = () => board.inForce.source === url;

  async function take(table: RateTable): Promise<void> {
    if (!isOurs() || table.asOf !== board.inForce.asOf) {
      await putIntoForce(table);
    }
    lastTable = table;
  }

  async function fetchOnce(): Promise<void> {
    fetchedAtMs = nowMs();
    const { currencies, base } = board.inForce;
    const table = await remote.fetchTable(currencies, base);
    const farOff = isOurs() && table.base === base ? farOffCurrencies(board.inForce, table) : [];
    if (farOff.length > 0) {
      warn(notAllowed(farOff).message);
      return;
    }
    await take(table);
  }

  /** Asks the service for its rates, once for all who ask meanwhile. */
  function refresh(): Promise<void> {
    refreshing ??= fetchOnce().finally(() => {
      refreshing = undefined;
    });
    return refreshing;
  }

  const isStale = () => nowMs() - fetchedAtMs > freshMs;

  const convert: Converter = async (request) => {
    if (request.from === request.to) {
      return quoteAt(board.inForce, request);
    }
    if (!isOurs()) {
      await refresh();
    }
    // A currency without a rate is refused here: the service would not know it.
    quoteAt(board.inForce, request);
    const quote = await remote.convert(request);
    if (quote && quote.received.minor > 0 && isQuoteFarOff(quote, request.fixed, board.inForce)) {
      throw notAllowed([request.from, request.to]);
    }
    if (quote && quote.ratesAsOf > board.inForce.asOf && isStale()) {
      await refresh().catch(() => {});
    }
    return quote;
  };

  return {
    get inForce() {
      return board.inForce;
    },
    async shown() {
      if (isStale() || !isOurs()) {
        await refresh().catch((error: unknown) => {
          if (!isOurs()) {
            throw error;
          }
        });
      }
      const isCurrent = lastTable?.currencies.length === board.inForce.currencies.length;
      return isCurrent && lastTable ? lastTable : board.inForce;
    },
    convert,
    remote: convert,
    async allow(currencies, base) {
      const table = await remote.fetchTable(currencies, base);
      fetchedAtMs = nowMs();
      await putIntoForce(table);
      lastTable = table;
    },
  };
}
