import type { PaymentRow } from '../../../db/tables/payments.js';
import { publicId } from '../../ids.js';
import type { Book, KnownBook } from '../../ledger/book/book.js';
import { type Lookup, lookup } from '../../ledger/book/lookup.js';
import type { Acceptance, Replay } from '../../ledger/rule.js';
import { paymentRates, paymentRatesReads } from './payment-rates.js';
import { type PaymentJson, paymentJson } from './wire.js';

const placeOf = (paymentId: number) => `/v1/payments/${publicId('pay', paymentId)}`;

/** The answer to whoever has just made a payment. */
export function madePayment(body: PaymentJson, paymentId: number): Acceptance {
  return { status: 201, body, location: placeOf(paymentId), paymentId };
}

const parties = ({ from_user_id, to_user_id }: PaymentRow) =>
  [from_user_id, to_user_id].filter((id) => id !== null);

/** The lookups for showing a payment to one of its parties as they saw it when it was made. */
export function madePaymentReads(book: KnownBook, paymentId: number, userId: number): readonly Lookup[] {
  const payment = book.peek('payments', { id: paymentId });
  const account = book.peek('accounts', { user_id: userId });
  return [
    lookup('payments', { id: paymentId }),
    lookup('accounts', { user_id: userId }),
    ...(payment
      ? [...paymentRatesReads(payment), ...parties(payment).map((id) => lookup('users', { id }))]
      : []),
    ...(payment && account
      ? [lookup('entries', { account_id: account.id, kind: payment.kind, payment_id: payment.id })]
      : []),
  ];
}

/** The payment as this party of it saw it when it was made, before any of it was given back. */
export function madePaymentJson(book: Book, paymentId: number, userId: number): PaymentJson {
  const payment = book.get('payments', { id: paymentId });
  const account = book.get('accounts', { user_id: userId });
  const entry = book.get('entries', { account_id: account.id, kind: payment.kind, payment_id: payment.id });
  const nameOf = (id: number | null) => (id === null ? null : book.get('users', { id }).username);
  return paymentJson({
    payment,
    from: nameOf(payment.from_user_id),
    to: nameOf(payment.to_user_id),
    refunded: 0,
    correctedBy: [],
    rates: paymentRates(book, payment),
    amount: entry.amount,
    balanceAfter: entry.balance_after,
  });
}

/** The answer to whoever made a payment of their own. */
export const replayPayment: Replay = {
  reads: (book, { paymentId, userId }) => madePaymentReads(book, paymentId, userId),
  answer: (book, { paymentId, userId }) => ({
    body: madePaymentJson(book, paymentId, userId),
    location: placeOf(paymentId),
  }),
};
