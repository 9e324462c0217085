import assert from 'node:assert/strict';
import type { IdempotencyKeyRow, PaymentRow } from '../../../db/rows.js';
import { publicId } from '../../ids.js';
import type { Book } from '../../ledger/book.js';
import { lookup } from '../../ledger/lookup.js';
import type { Acceptance, Replay } from '../../ledger/rule.js';
import { type PaymentJson, paymentJson } from './wire.js';

const placeOf = (paymentId: number) => `/v1/payments/${publicId('pay', paymentId)}`;

/** The answer to whoever has just made a payment. */
export function madePayment(body: PaymentJson, paymentId: number): Acceptance {
  return { status: 201, body, location: placeOf(paymentId), paymentId };
}

function paymentOf(book: Book, { payment_id }: IdempotencyKeyRow): PaymentRow | undefined {
  assert(payment_id !== null, 'The answer is a payment.');
  return book.peek('payments', { id: payment_id });
}

const parties = ({ from_user_id, to_user_id }: PaymentRow) =>
  [from_user_id, to_user_id].filter((id) => id !== null);

/** The answer to whoever made a payment of their own: the payment as they saw it then, before any of it was given back. */
export const replayPayment: Replay = {
  reads(book, remembered) {
    const payment = paymentOf(book, remembered);
    const payments = [lookup('payments', { id: remembered.payment_id ?? 0 })];
    if (!payment) {
      return payments;
    }
    const account = book.peek('accounts', { user_id: remembered.user_id });
    return [
      ...payments,
      ...parties(payment).map((id) => lookup('users', { id })),
      lookup('accounts', { user_id: remembered.user_id }),
      ...(account
        ? [lookup('entries', { account_id: account.id, kind: payment.kind, payment_id: payment.id })]
        : []),
    ];
  },

  answer(book, remembered) {
    const payment = paymentOf(book, remembered);
    assert(payment, 'What was answered is there.');
    const account = book.get('accounts', { user_id: remembered.user_id });
    const entry = book.get('entries', {
      account_id: account.id,
      kind: payment.kind,
      payment_id: payment.id,
    });
    const nameOf = (id: number | null) => (id === null ? null : book.get('users', { id }).username);
    const body = paymentJson({
      payment,
      from: nameOf(payment.from_user_id),
      to: nameOf(payment.to_user_id),
      refunded: 0,
      amount: entry.amount,
      balanceAfter: entry.balance_after,
    });
    return { body, location: placeOf(payment.id) };
  },
};
