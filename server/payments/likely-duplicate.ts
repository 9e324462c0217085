import type { PaymentRow } from '../../db/rows.js';
import { timeText } from '../clock.js';
import { Refusal } from '../errors.js';
import type { Book } from '../ledger/book.js';
import { type Lookup, lookup } from '../ledger/lookup.js';
import type { Money } from '../money/money.js';

const windowMicros = 10 * 60 * 1_000_000;

const lately = (now: number) => ({ column: 'created_at', from: now - windowMicros });

const sentBetween = (fromUserId: string, toUserId: string) =>
  ({ from_user_id: fromUserId, to_user_id: toUserId, kind: 'transfer' }) as const;

/** What must be loaded to know whether the same was paid just before. */
export const duplicateReads = (fromUserId: string, toUserId: string, now: number): readonly Lookup[] => [
  lookup('payments', sentBetween(fromUserId, toUserId), lately(now)),
];

/**
 * Throws POSSIBLE_DUPLICATE, which names the earlier payment, when the sender has paid the same receiver the same
 * within the last ten minutes and does not say that this one is meant besides the newest of those.
 */
export function refuseLikelyDuplicate(
  book: Book,
  payment: {
    readonly fromUserId: string;
    readonly toUserId: string;
    readonly sent: Money;
    readonly received: Money;
  },
  confirmed: string | undefined,
  now: number,
): void {
  const where = sentBetween(payment.fromUserId, payment.toUserId);
  const isAlike = (earlier: PaymentRow) =>
    earlier.sent_amount === payment.sent.minor || earlier.received_amount === payment.received.minor;
  const alike = book.findAll('payments', where, lately(now)).filter(isAlike);
  const newest = alike.toSorted((left, right) => right.position - left.position)[0];
  if (newest && newest.id !== confirmed) {
    throw new Refusal(
      'POSSIBLE_DUPLICATE',
      `You have paid this already, at ${timeText(newest.created_at)}. If you mean to pay it again, send it with a new key and confirmDuplicateOf ${newest.id}.`,
      { figures: { duplicateOf: newest.id, paidAt: timeText(newest.created_at) } },
    );
  }
}
