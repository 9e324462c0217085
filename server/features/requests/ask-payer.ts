import type { RequestRow } from '../../../db/tables/requests.js';
import { Refusal } from '../../errors.js';
import type { Book, KnownBook } from '../../ledger/book/book.js';
import { type Lookup, lookup } from '../../ledger/book/lookup.js';
import { recordEvent } from '../../ledger/record-event.js';
import type { Moment } from '../../ledger/rule.js';
import type { Money } from '../../money/money.js';
import { blockReads, refuseBlocked } from '../blocks/block.js';
import { ratesInForce } from '../conversion/rates-in-book.js';
import { actNumber, type LikelyAct } from '../payments/likely-duplicate.js';
import { type Party, partyOf } from '../payments/parties.js';
import { quotePayment } from '../payments/quote-payment.js';
import { fundsRefusalReads, refuseBeyondFunds } from './refuse-beyond-funds.js';
import { type RequestJson, requestJson } from './wire.js';

const dayMicros = 24 * 3600 * 1_000_000;
const defaultLifeMicros = 30 * dayMicros;
const longestLifeMicros = 366 * dayMicros;

const invalidExpiry = (message: string) =>
  new Refusal('VALIDATION_FAILED', `expiresAt: ${message}.`, { errors: [{ field: 'expiresAt', message }] });

/** When what is asked for now expires, in microseconds since 1970; null asks for the usual time. Throws VALIDATION_FAILED. */
export function expiryOf(expiresAt: number | null, now: number): number {
  if (expiresAt === null) {
    return now + defaultLifeMicros;
  }
  if (expiresAt <= now) {
    throw invalidExpiry('must be in the future');
  }
  if (expiresAt > now + longestLifeMicros) {
    throw invalidExpiry('may be at most a year ahead');
  }
  return expiresAt;
}

/** The lookups of whom a requester asks: the payer's username is in lower case. */
export function payerReads(book: KnownBook, requesterId: number, from: string): readonly Lookup[] {
  const payer = book.peek('users', { username_key: from });
  return [
    lookup('users', { username_key: from }),
    ...(payer
      ? [
          lookup('accounts', { user_id: payer.id }),
          ...blockReads(payer.id, requesterId),
          ...fundsRefusalReads({ requesterId, payerId: payer.id }),
        ]
      : []),
  ];
}

/** The payer who is to be asked. Throws USER_NOT_FOUND and SELF_REQUEST. */
export function findPayer(book: Book, requesterId: number, from: string): Party {
  const user = book.find('users', { username_key: from });
  if (!user) {
    throw new Refusal('USER_NOT_FOUND', `There is no user ${from}. Check the spelling.`, {
      errors: [{ field: 'from', message: 'is nobody here' }],
    });
  }
  if (user.id === requesterId) {
    throw new Refusal('SELF_REQUEST', 'You cannot ask yourself for money. Name somebody else.', {
      errors: [{ field: 'from', message: 'is yourself' }],
    });
  }
  return partyOf(book, user);
}

interface Sides {
  readonly requester: Party;
  readonly payer: Party;
}

/**
 * Judges whether the one may ask the other, and gives what it would cost the payer. Throws RECIPIENT_UNAVAILABLE, and what is wrong
 * with the currency or the amount.
 */
export function judgeAsking(book: Book, { requester, payer }: Sides, amount: Money): Money {
  refuseBlocked(book, requester.user.id, payer.user.id, 'from');
  const [from, to] = [payer.account.currency, requester.account.currency];
  return quotePayment(amount, from, to, null, ratesInForce(book)).sent;
}

/**
 * Judges whether the payer holds what it would cost, after what is wrong with the request itself: refused for that later it would
 * tell, without a trace, that they do. Throws INSUFFICIENT_FUNDS and RATE_LIMITED.
 */
export function judgeFunds(book: Book, { requester, payer }: Sides, cost: Money, moment: Moment): void {
  const pair = { requesterId: requester.user.id, payerId: payer.user.id };
  refuseBeyondFunds(book, pair, payer, cost.minor, moment);
}

interface Terms {
  readonly amount: Money;
  readonly memo: string | null;
  /** When the request expires, in microseconds since 1970. */
  readonly expiresAt: number;
  readonly collectionId: number | null;
}

/** Writes a request that was judged, and tells its payer. */
export function writeRequest(
  book: Book,
  { requester, payer }: Sides,
  { amount, memo, expiresAt, collectionId }: Terms,
  moment: Moment,
): { readonly request: RequestRow; readonly json: RequestJson } {
  const act: LikelyAct = { does: 'ask', userId: requester.user.id, otherId: payer.user.id, amount, memo };
  const request: RequestRow = {
    id: book.newId('requests'),
    requester_id: requester.user.id,
    payer_id: payer.user.id,
    amount: amount.minor,
    currency: amount.currency,
    memo,
    status: 'pending',
    reason: null,
    payment_id: null,
    created_at: moment.now,
    expires_at: expiresAt,
    closed_at: null,
    reminded_at: null,
    act: actNumber(act),
    collection_id: collectionId,
  };
  book.insert('requests', request);
  const json = requestJson({ request, requester: requester.user.username, payer: payer.user.username });
  recordEvent(book, moment, payer.user.id, 'request.received', json);
  return { request, json };
}
