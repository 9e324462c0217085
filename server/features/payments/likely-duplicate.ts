import { crc32 } from 'node:zlib';
import { timeText } from '../../clock.js';
import { Refusal } from '../../errors.js';
import { publicId } from '../../ids.js';
import type { Book } from '../../ledger/book/book.js';
import { byBothSides, type Lookup, newestLookup } from '../../ledger/book/lookup.js';
import { recentActMicros } from '../../ledger/book/recent-writes.js';
import type { Caller, Moment } from '../../ledger/rule.js';
import type { Money } from '../../money/money.js';

/** The word in place of an id that means an act besides whatever there is. */
const whateverThereIs = '*';

/** An act of one person that may have been done by mistake a second time: what tells it from others of its kind. */
export type LikelyAct =
  | {
      readonly does: 'pay' | 'ask';
      readonly userId: number;
      readonly otherId: number;
      /** The amount as it was asked for: which side of a conversion it fixes is part of what is meant. */
      readonly amount: Money;
      readonly memo: string | null;
    }
  | {
      readonly does: 'refund';
      readonly userId: number;
      readonly paymentId: number;
      readonly amount: Money;
    };

const verbs = {
  pay: { done: 'paid this', again: 'pay it', at: 'paidAt' },
  ask: { done: 'asked for this', again: 'ask for it', at: 'askedAt' },
  refund: { done: 'given this back', again: 'give it back', at: 'paidAt' },
} as const;

/** The number of newest acts between two that are looked at: few persons do more to one other within ten minutes. */
const lookedAt = 256;

/** The number that acts which are alike share, whoever they are between. */
export function actNumber(act: LikelyAct): number {
  const memo = act.does === 'refund' ? null : act.memo;
  return crc32(`${act.does} ${act.amount.minor} ${act.amount.currency} ${memo ?? ''}`);
}

/** The lookup of the newest act that is alike. */
function readOf(act: LikelyAct, now: number): Lookup {
  const number = actNumber(act);
  const sinceMicros = now - recentActMicros;
  const between = { by: byBothSides, among: lookedAt, sinceMicros };
  switch (act.does) {
    case 'pay':
      return newestLookup(
        'payments',
        { from_user_id: act.userId, to_user_id: act.otherId, act: number },
        between,
      );
    case 'ask':
      return newestLookup(
        'requests',
        { requester_id: act.userId, payer_id: act.otherId, act: number },
        between,
      );
    case 'refund':
      return newestLookup('payments', { refund_of: act.paymentId, act: number }, { ...between, by: 1 });
  }
}

/** The lookups that tell whether a person has done the same just before. */
export const likelyDuplicateReads = (act: LikelyAct, { isPerson }: Caller, now: number): readonly Lookup[] =>
  isPerson ? [readOf(act, now)] : [];

/**
 * Throws POSSIBLE_DUPLICATE, which names the earlier act, when a person has done the same within the last ten minutes
 * and does not say that this is meant besides the newest of those. A script, which has a token, is not asked.
 */
export function refuseLikelyDuplicate(
  book: Book,
  act: LikelyAct,
  confirmed: string | undefined,
  { caller, moment: { now } }: { readonly caller: Caller; readonly moment: Moment },
): void {
  if (!caller.isPerson || confirmed === whateverThereIs) {
    return;
  }
  const table = act.does === 'ask' ? 'requests' : 'payments';
  const earlier = book.newest(table, readOf(act, now));
  if (!earlier || earlier.created_at < now - recentActMicros) {
    return;
  }
  // The memos are compared, since two can have one number. A refund's memo is its reason, which is no part of what is alike.
  if (act.does !== 'refund' && earlier.memo !== act.memo) {
    return;
  }
  const id = publicId(table === 'payments' ? 'pay' : 'req', earlier.id);
  if (id !== confirmed) {
    const verb = verbs[act.does];
    const at = timeText(earlier.created_at);
    throw new Refusal(
      'POSSIBLE_DUPLICATE',
      `You have ${verb.done} already, at ${at}. If you mean to ${verb.again} again, send it with a new key and confirmDuplicateOf ${id}.`,
      { figures: { duplicateOf: id, [verb.at]: at } },
    );
  }
}
