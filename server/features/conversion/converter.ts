import { convertDown, costOf, rateText } from '../../money/convert.js';
import type { Money } from '../../money/money.js';

/** What a payment between two currencies moves on either side. */
export interface Quote {
  readonly sent: Money;
  readonly received: Money;
  /** Units of the receiver's currency for one of the sender's, to ten significant digits. */
  readonly rate: string;
}

/** What is known before: the amount that leaves the sender, or the one that arrives at the receiver. */
export interface QuoteRequest {
  readonly from: string;
  readonly to: string;
  readonly fixed: 'sent' | 'received';
  /** Minor units of the side that is fixed. */
  readonly minor: number;
}

/** Gives undefined when a side would not be a safe integer of minor units. */
export type Converter = (request: QuoteRequest) => Promise<Quote | undefined>;

/** Converts at the server's own fixed rates: what is received rounds down, what a fixed received amount costs rounds up. */
export function quoteAtOwnRates({ from, to, fixed, minor }: QuoteRequest): Quote | undefined {
  const sent = fixed === 'sent' ? minor : costOf(minor, from, to);
  const received = fixed === 'received' ? minor : convertDown(minor, from, to);
  if (sent === undefined || received === undefined) {
    return undefined;
  }
  return {
    sent: { minor: sent, currency: from },
    received: { minor: received, currency: to },
    rate: rateText(from, to),
  };
}
