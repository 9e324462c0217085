import assert from 'node:assert/strict';
import type { EventRow } from '../../../../db/tables/events.js';
import { paymentJson } from '../../../../server/features/payments/wire.js';
import type { Tables } from '../../../ledger/support/tables.js';

/** What an event tells its user: its own data, or the payment as they saw it when it was made. */
// biome-ignore lint/suspicious/noExplicitAny: what a test expects of it is what the test says next.
export function toldData(tables: Tables, event: EventRow): any {
  const { rates } = tables;
  if (event.data !== null) {
    return JSON.parse(event.data);
  }
  const payment = tables.payments.find(({ id }) => id === event.payment_id);
  const account = tables.accounts.find(({ user_id }) => user_id === event.user_id);
  const entry = tables.entries.find(
    ({ account_id, payment_id }) => account_id === account?.id && payment_id === payment?.id,
  );
  assert(payment && entry, `Event ${event.id} tells of a payment of its user.`);
  const nameOf = (userId: number | null) => tables.users.find(({ id }) => id === userId)?.username ?? null;
  return paymentJson({
    payment,
    from: nameOf(payment.from_user_id),
    to: nameOf(payment.to_user_id),
    refunded: 0,
    correctedBy: [],
    rates: rates.find(({ id }) => id === payment.rates_id) ?? null,
    amount: entry.amount,
    balanceAfter: entry.balance_after,
  });
}
