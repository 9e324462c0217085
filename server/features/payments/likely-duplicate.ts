import { timeText } from '../../clock.js';
import { Refusal } from '../../errors.js';
import { publicId } from '../../ids.js';
import type { Book } from '../../ledger/book.js';
import { type Lookup, lookup } from '../../ledger/lookup.js';
import type { Caller, Moment } from '../../ledger/rule.js';
import type { Money } from '../../money/money.js';

const windowMicros = 10 * 60 * 1_000_000;
const hourMicros = 60 * 60 * 1_000_000;

/** What is said in place of an id to mean an act besides whatever there is. */
const whateverThereIs = '*';

/** An act of one person that may have been done by mistake a second time: what tells it from others of its kind. */
export type LikelyAct =
  | {
      readonly does: 'pay' | 'ask';
      readonly userId: number;
      readonly otherId: number;
      /** As it was asked for: which side of a conversion it fixes is part of what is meant. */
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
  pay: { done: 'paid', again: 'pay', at: 'paidAt' },
  ask: { done: 'asked for', again: 'ask for', at: 'askedAt' },
  refund: { done: 'given back', again: 'give back', at: 'paidAt' },
} as const;

/** The words by which two acts that are alike are known to be; a memo, which may hold any, comes last. */
function wordsOf(act: LikelyAct): string {
  const { does, userId, amount } = act;
  const [other, memo] = act.does === 'refund' ? [act.paymentId, null] : [act.otherId, act.memo];
  const words = `${does} ${userId} ${other} ${amount.minor} ${amount.currency}`;
  return memo === null ? words : `${words} ${memo}`;
}

const hourOf = (micros: number) => Math.floor(micros / hourMicros);

/** Where the newest of the acts that are alike may stand: in this hour or, when it is young, in the one before. */
function placesOf(act: LikelyAct, now: number): readonly { readonly hour: number; readonly act: string }[] {
  const words = wordsOf(act);
  const [hour, first] = [hourOf(now), hourOf(now - windowMicros)];
  return first === hour
    ? [{ hour, act: words }]
    : [
        { hour, act: words },
        { hour: first, act: words },
      ];
}

/** What must be loaded to know whether the same was done just before, and to keep that it was done now. */
export const likelyDuplicateReads = (act: LikelyAct, now: number): readonly Lookup[] =>
  placesOf(act, now).map((place) => lookup('recent_acts', place));

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
  for (const place of placesOf(act, now)) {
    const earlier = book.find('recent_acts', place);
    if (earlier && earlier.at >= now - windowMicros) {
      const { payment_id, request_id, at } = earlier;
      const id = payment_id === null ? publicId('req', Number(request_id)) : publicId('pay', payment_id);
      if (id === confirmed) {
        return;
      }
      const verb = verbs[act.does];
      throw new Refusal(
        'POSSIBLE_DUPLICATE',
        `You have ${verb.done} this already, at ${timeText(at)}. If you mean to ${verb.again} it again, send it with a new key and confirmDuplicateOf ${id}.`,
        { figures: { duplicateOf: id, [verb.at]: timeText(at) } },
      );
    }
  }
}

/** What an act has made. */
type Made = { readonly payment_id: number } | { readonly request_id: number };

/** Keeps what was done, so that whoever does the same within the next ten minutes is asked. */
export function noteRecentAct(book: Book, act: LikelyAct, made: Made, { now }: Moment): void {
  const place = { hour: hourOf(now), act: wordsOf(act) };
  const row = { payment_id: null, request_id: null, ...made, at: now };
  const earlier = book.find('recent_acts', place);
  if (earlier) {
    book.update('recent_acts', earlier, row);
  } else {
    book.insert('recent_acts', { ...place, ...row });
  }
}
