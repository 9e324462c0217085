import type { ActDescription } from '../settling/pending.js';
import type { RequestBody } from './bills.js';

/** A request as the journal keeps it: any two look the same, because a bill has a journal that knows better. */
export function requestAct({
  from,
  amount,
  currency,
}: Pick<RequestBody, 'from' | 'amount'> & { readonly currency?: string }): ActDescription {
  const sum = currency === undefined ? amount : `${amount} ${currency}`;
  return { kind: 'request', outcome: `${from} was asked for ${sum}`, marks: [] };
}

/** The acceptance of a request as the journal keeps it: any two of one request look the same. */
export function acceptanceAct(id: string): ActDescription {
  return { kind: 'acceptance', outcome: `the request ${id} was paid`, marks: [id] };
}
