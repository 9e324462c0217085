import type { LimitRow, UserRow } from '../../../db/tables/users.js';
import { timeText } from '../../clock.js';
import { Refusal } from '../../errors.js';
import type { Book, KnownBook } from '../../ledger/book/book.js';
import { type Lookup, lookup, paidLookup } from '../../ledger/book/lookup.js';
import { moneyJson } from '../../money/format.js';
import { addUp, countedKinds, dayMicros, startOfDay } from './day.js';
import { type Limits, limitSubject, limitSubjects, limitsOf } from './limits.js';

type Payer = Pick<UserRow, 'id' | 'currency'>;

const paidWithinDay = (payerId: number, now: number): readonly Lookup[] =>
  countedKinds.map((kind) => paidLookup(payerId, kind, startOfDay(now)));

/** The limits that hold for a user, by one way to their rows or another. */
function limitsBy(payer: Payer, rowOf: (subject: string) => LimitRow | undefined): Limits {
  return limitsOf(rowOf(limitSubject(payer.id)), rowOf(payer.currency));
}

/** The lookups that tell whether a user may pay: the user first, and the day's sum where it is limited. */
export function limitReads(book: KnownBook, payerId: number, now: number): readonly Lookup[] {
  const payer = book.peek('users', { id: payerId });
  if (!payer) {
    return [lookup('users', { id: payerId })];
  }
  const limits = limitSubjects(payer).map((subject) => lookup('limits', { subject }));
  const known = limitsBy(payer, (subject) => book.peek('limits', { subject }));
  return known.perDay === null ? limits : [...limits, ...paidWithinDay(payerId, now)];
}

function refuseBeyondPayment({ currency }: Payer, minor: number, most: number): void {
  if (minor > most) {
    const [limit, wanted] = [moneyJson({ minor: most, currency }), moneyJson({ minor, currency })];
    throw new Refusal(
      'LIMIT_EXCEEDED',
      `You may pay ${limit.amount} ${currency} at once; this is ${wanted.amount} ${currency}. Pay less, or ask an administrator.`,
      { figures: { which: 'per_payment', limit, remaining: limit, resetsAt: null } },
    );
  }
}

function refuseBeyondDay(
  book: Book,
  { id, currency }: Payer,
  minor: number,
  most: number,
  now: number,
): void {
  const paid = addUp(paidWithinDay(id, now).map((read) => book.sum(read)));
  if (paid.minor + minor > most) {
    const money = (amount: number) => moneyJson({ minor: amount, currency });
    const [limit, remaining, wanted] = [money(most), money(Math.max(0, most - paid.minor)), money(minor)];
    const resetsAt = paid.firstAt === null ? null : timeText(paid.firstAt + dayMicros);
    const advice =
      resetsAt === null ? 'Pay less' : `Pay less, wait until ${resetsAt} when that begins to grow`;
    throw new Refusal(
      'LIMIT_EXCEEDED',
      `You may pay ${limit.amount} ${currency} within 24 hours, of which ${remaining.amount} ${currency} is left; this is ${wanted.amount} ${currency}. ${advice}, or ask an administrator.`,
      { figures: { which: 'per_day', limit, remaining, resetsAt } },
    );
  }
}

/**
 * Refuses a payment of more at once, or within 24 hours, than the payer may make; `minor` is what they would be debited. It
 * counts what they pay others, and whom they pay for asking, not what they give back. Throws LIMIT_EXCEEDED, with the limit
 * and what is left of it.
 */
export function refuseBeyondLimits(book: Book, payer: Payer, minor: number, now: number): void {
  const { perPayment, perDay } = limitsBy(payer, (subject) => book.find('limits', { subject }));
  if (perPayment !== null) {
    refuseBeyondPayment(payer, minor, perPayment);
  }
  if (perDay !== null) {
    refuseBeyondDay(book, payer, minor, perDay, now);
  }
}
