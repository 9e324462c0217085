import { createHash } from 'node:crypto';
import type { EntryRow, PaymentRow } from '../../db/rows.js';

/** What the first payment of a chain gives as the hash before it. */
export const genesisHash = '0'.repeat(64);

/**
 * SHA-256, in hexadecimal, over everything that a payment says, its entries and the hash before it included: a change
 * of any of them, a removal or an insertion shows in this or the next payment.
 */
export function paymentHash(
  payment: Omit<PaymentRow, 'hash' | 'memo_folded'>,
  entries: readonly EntryRow[],
): string {
  const contents = [
    payment.previous_hash,
    payment.chain,
    payment.position,
    payment.id,
    payment.kind,
    payment.from_user_id,
    payment.to_user_id,
    payment.sent_amount,
    payment.sent_currency,
    payment.received_amount,
    payment.received_currency,
    payment.rate,
    payment.memo,
    payment.request_id,
    payment.refund_of,
    payment.created_at,
    entries.map((entry) => [entry.line, entry.account_id, entry.amount, entry.balance_after]),
  ];
  return createHash('sha256').update(JSON.stringify(contents)).digest('hex');
}
