import type { FundsRefusalRow } from '../../../db/tables/requests.js';
import { timeText } from '../../clock.js';
import { Refusal } from '../../errors.js';
import type { Book } from '../../ledger/book/book.js';
import { type Lookup, lookup } from '../../ledger/book/lookup.js';
import type { Moment } from '../../ledger/rule.js';
import type { Party } from '../payments/parties.js';

/** The number of times a day that one requester may find out that one payer holds less. */
const mostFundsRefusals = 5;

const dayMicros = 24 * 3600 * 1_000_000;

/** A requester, and the payer who is asked. */
interface Pair {
  readonly requesterId: number;
  readonly payerId: number;
}

const keyOf = ({ requesterId, payerId }: Pair) => ({ requester_id: requesterId, payer_id: payerId });

export const fundsRefusalReads = (pair: Pair): readonly Lookup[] => [lookup('funds_refusals', keyOf(pair))];

/** The refusals of the day that is under way; undefined where there were none. */
function refusalsToday(book: Book, pair: Pair, { now }: Moment): FundsRefusalRow | undefined {
  const row = book.find('funds_refusals', keyOf(pair));
  return row && row.since + dayMicros > now ? row : undefined;
}

/**
 * Refuses to ask for more minor units than the payer holds: INSUFFICIENT_FUNDS, without figures; and RATE_LIMITED whatever
 * is asked for after some of those: nobody reads a balance by asking.
 */
export function refuseBeyondFunds(book: Book, pair: Pair, payer: Party, minor: number, moment: Moment): void {
  const { username } = payer.user;
  const today = refusalsToday(book, pair, moment);
  if (today && today.refusals >= mostFundsRefusals) {
    const endsAt = today.since + dayMicros;
    throw new Refusal(
      'RATE_LIMITED',
      `You have asked ${username} for too much ${mostFundsRefusals} times within a day. You can ask again from ${timeText(endsAt)} on.`,
      { retryAfterSeconds: Math.ceil((endsAt - moment.now) / 1_000_000) },
    );
  }
  if (payer.account.balance < minor) {
    throw new Refusal('INSUFFICIENT_FUNDS', `${username} does not have that much now. Ask for less.`);
  }
}

/** Counts a refusal for want of funds; a day begins with the first of them. */
export function countFundsRefusal(book: Book, pair: Pair, moment: Moment): void {
  const known = book.find('funds_refusals', keyOf(pair));
  const today = refusalsToday(book, pair, moment);
  const next = today ? { refusals: today.refusals + 1 } : { since: moment.now, refusals: 1 };
  if (known) {
    book.update('funds_refusals', known, next);
  } else {
    book.insert('funds_refusals', { ...keyOf(pair), since: moment.now, refusals: 1 });
  }
}
