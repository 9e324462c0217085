import type { PaymentRow } from '../../../db/rows.js';
import { timeText } from '../../clock.js';
import { Refusal } from '../../errors.js';
import { publicId } from '../../ids.js';
import type { Book } from '../../ledger/book.js';
import { type Lookup, newestLookup } from '../../ledger/lookup.js';
import type { Money } from '../../money/money.js';

const windowMicros = 10 * 60 * 1_000_000;

/** How many of the newest payments between two are looked at: few persons make more to one other within ten minutes, and each is a row to read. */
const mostLookedAt = 32;

/** What must be loaded to know whether the same was paid just before. */
export const duplicateReads = (fromUserId: number, toUserId: number, now: number): Lookup =>
  newestLookup(
    'payments',
    { from_user_id: fromUserId, to_user_id: toUserId },
    { column: 'created_at', from: now - windowMicros },
    mostLookedAt,
  );

/**
 * Throws POSSIBLE_DUPLICATE, which names the earlier payment, when the sender has paid the same receiver the same
 * within the last ten minutes and does not say that this one is meant besides the newest of those.
 */
export function refuseLikelyDuplicate(
  book: Book,
  payment: {
    readonly fromUserId: number;
    readonly toUserId: number;
    readonly sent: Money;
    readonly received: Money;
  },
  confirmed: string | undefined,
  now: number,
): void {
  const isAlike = ({ kind, sent_amount, received_amount }: PaymentRow) =>
    kind === 'transfer' && (sent_amount === payment.sent.minor || received_amount === payment.received.minor);
  let newest: PaymentRow | undefined;
  for (const earlier of book.all('payments', duplicateReads(payment.fromUserId, payment.toUserId, now))) {
    if (isAlike(earlier) && earlier.id > (newest?.id ?? 0)) {
      newest = earlier;
    }
  }
  if (newest && publicId('pay', newest.id) !== confirmed) {
    const [id, paidAt] = [publicId('pay', newest.id), timeText(newest.created_at)];
    throw new Refusal(
      'POSSIBLE_DUPLICATE',
      `You have paid this already, at ${paidAt}. If you mean to pay it again, send it with a new key and confirmDuplicateOf ${id}.`,
      { figures: { duplicateOf: id, paidAt } },
    );
  }
}
