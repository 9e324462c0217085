import type { PaymentRow } from '../../../../db/tables/payments.js';
import { amountText } from './accounts.js';
import { exact, faultsOf } from './problems.js';

const total = (amounts: readonly number[]) => amounts.reduce((sum, amount) => sum + exact(amount), 0n);

/** The faults of a payment's refunds: all together give back at most what was sent, and take at most what was received. */
export function refundFaults(original: PaymentRow, refunds: readonly PaymentRow[]): readonly string[] {
  const back = total(refunds.map(({ received_amount }) => received_amount));
  const taken = total(refunds.map(({ sent_amount }) => sent_amount));
  const isTurned = (refund: PaymentRow) =>
    refund.from_user_id === original.to_user_id &&
    refund.to_user_id === original.from_user_id &&
    refund.sent_currency === original.received_currency &&
    refund.received_currency === original.sent_currency;
  return faultsOf([
    original.kind !== 'transfer' &&
      original.kind !== 'request' &&
      `is a payment of the kind ${original.kind}, which cannot be refunded, and was`,
    back > exact(original.sent_amount) &&
      `was refunded with ${amountText(back, original.sent_currency)} in all, more than was sent`,
    taken > exact(original.received_amount) &&
      `cost its receiver ${amountText(taken, original.received_currency)} in refunds, more than was received`,
    !refunds.every(isTurned) && 'has a refund that is not from its receiver to its sender',
    refunds.some(({ id }) => id <= original.id) && 'has a refund that is older than itself',
  ]);
}
