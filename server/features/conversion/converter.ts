import { Refusal } from '../../errors.js';
import { convertDownAt, costAt, type RatedCurrency, rateText } from '../../money/convert.js';
import type { Money } from '../../money/money.js';
import { findRated, type RatedOrNot, type RateTable } from '../../money/rate-table.js';

/** The quote of a payment between two currencies: what it moves on either side. */
export interface Quote {
  readonly sent: Money;
  readonly received: Money;
  /** Units of the receiver's currency for one of the sender's, to ten significant digits. */
  readonly rate: string;
  /** The date of the rate, as YYYY-MM-DD. */
  readonly ratesAsOf: string;
}

/** The amount that a quote is asked for: the one that leaves the sender, or the one that arrives at the receiver. */
export interface QuoteRequest {
  readonly from: string;
  readonly to: string;
  readonly fixed: 'sent' | 'received';
  /** Minor units of the side that is fixed. */
  readonly minor: number;
}

/** Gives undefined when a side would not be a safe integer of minor units. */
export type Converter = (request: QuoteRequest) => Promise<Quote | undefined>;

/** The currency with its rate. Throws NOT_CONVERTIBLE where it has none, UNKNOWN_CURRENCY where the table does not have it. */
function ratedIn(table: RateTable, code: string): RatedCurrency {
  const currency = findRated(table, code);
  if (currency === undefined) {
    throw new Refusal('UNKNOWN_CURRENCY', `${code} is not a currency of this server any more.`);
  }
  if (currency.rate === null) {
    throw new Refusal(
      'NOT_CONVERTIBLE',
      `${code} has no rate: it is converted to nothing, and nothing to it. Deal in ${code} with those who hold it.`,
    );
  }
  // The object itself is given, so that what follows from its rate is worked out once.
  return currency as RatedOrNot & RatedCurrency;
}

/**
 * Converts at the rates of a table: what is received rounds down, what a fixed received amount costs rounds up. Throws
 * NOT_CONVERTIBLE.
 */
export function quoteAt(table: RateTable, { from, to, fixed, minor }: QuoteRequest): Quote | undefined {
  if (from === to) {
    return {
      sent: { minor, currency: from },
      received: { minor, currency: to },
      rate: '1',
      ratesAsOf: table.asOf,
    };
  }
  const [source, target] = [ratedIn(table, from), ratedIn(table, to)];
  const sent = fixed === 'sent' ? minor : costAt(minor, source, target);
  const received = fixed === 'received' ? minor : convertDownAt(minor, source, target);
  if (sent === undefined || received === undefined) {
    return undefined;
  }
  return {
    sent: { minor: sent, currency: from },
    received: { minor: received, currency: to },
    rate: rateText(source, target),
    ratesAsOf: table.asOf,
  };
}
