import type { Act } from '../api/operation.js';
import type { ActDescription } from '../settling/pending.js';

export type PaymentBody = Act<'POST /v1/payments'>;

/** A payment as the journal keeps it: two of the same sum to the same person look the same. */
export function paymentAct({
  to,
  amount,
  currency,
}: Pick<PaymentBody, 'to' | 'amount' | 'currency'>): ActDescription {
  const sum = currency === undefined ? amount : `${amount} ${currency}`;
  return { kind: 'payment', outcome: `${to} was paid ${sum}`, marks: [to, amount, currency ?? ''] };
}

/** A refund as the journal keeps it: any two of one payment look the same. */
export function refundAct(id: string, { amount }: { readonly amount?: string }): ActDescription {
  const what = amount === undefined ? `the payment ${id}` : `${amount} of the payment ${id}`;
  return { kind: 'refund', outcome: `${what} was given back`, marks: [id] };
}
