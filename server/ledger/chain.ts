import { hash } from 'node:crypto';
import type { AuditRow, ChainHeadRow } from '../../db/tables/acts.js';
import type { EntryRow, PaymentRow, RatesRow } from '../../db/tables/payments.js';

/** The hash before the first link of a chain. */
export const genesisHash = '0'.repeat(64);

/** The ends of a writer's chains before their first links. */
export const emptyHeads = (chain: number): readonly ChainHeadRow[] =>
  (['payments', 'audit'] as const).map((name) => ({ name, chain, position: 0, hash: genesisHash, at: 0 }));

const sha256 = (contents: readonly unknown[]) => hash('sha256', JSON.stringify(contents), 'hex');

/** The rates that a payment was made at. */
export type PaymentRates = Pick<RatesRow, 'id' | 'as_of' | 'source'>;

/**
 * SHA-256, in hexadecimal, over everything that a payment says, its entries, the rates it was made at and the hash before it
 * included: a change of any of them, a removal or an insertion shows in this or the next payment.
 */
export function paymentHash(
  payment: Omit<PaymentRow, 'hash' | 'memo_folded'>,
  entries: readonly EntryRow[],
  rates: PaymentRates | null,
  previousHash: string,
): string {
  return sha256([
    previousHash,
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
    rates && [rates.id, rates.as_of, rates.source],
    payment.memo,
    payment.request_id,
    payment.refund_of,
    payment.corrects,
    payment.act,
    payment.created_at,
    entries.map((entry) => [entry.line, entry.account_id, entry.amount, entry.balance_after]),
  ]);
}

/** SHA-256, in hexadecimal, over everything that a record of the audit trail says and the hash before it. */
export function auditHash(record: Omit<AuditRow, 'hash'>, previousHash: string): string {
  return sha256([
    previousHash,
    record.chain,
    record.position,
    record.id,
    record.at,
    record.actor_id,
    record.action,
    record.subject,
    record.address,
    record.request_id,
    record.reason,
    record.before,
    record.after,
    // Records of acts without credentials are hashed as those of older versions were.
    ...(record.credentials === null ? [] : [record.credentials]),
  ]);
}
