import type { RequestRow } from '../../../db/rows.js';
import { Refusal } from '../../errors.js';
import { lookup } from '../../ledger/lookup.js';
import { recordEvent } from '../../ledger/record-event.js';
import { defineRule } from '../../ledger/rule.js';
import type { Money } from '../../money/money.js';
import { refuseFrozen } from '../accounts/refuse-frozen.js';
import { blockReads, refuseBlocked } from '../blocks/block.js';
import { ratesInForce, ratesReads } from '../conversion/rates-in-book.js';
import {
  actNumber,
  type LikelyAct,
  likelyDuplicateReads,
  refuseLikelyDuplicate,
} from '../payments/likely-duplicate.js';
import { partyOf } from '../payments/parties.js';
import { quotePayment } from '../payments/quote-payment.js';
import { countFundsRefusal, fundsRefusalReads, refuseBeyondFunds } from './refuse-beyond-funds.js';
import { requestJson } from './wire.js';

const dayMicros = 24 * 3600 * 1_000_000;
const defaultLifeMicros = 30 * dayMicros;
const longestLifeMicros = 366 * dayMicros;

export interface CreateRequest {
  readonly requesterId: number;
  /** The payer's username in lower case. */
  readonly from: string;
  readonly amount: Money;
  readonly memo: string | null;
  /** Microseconds since 1970; null for the usual time. */
  readonly expiresAt: number | null;
  /** The earlier request that looks the same, when this one is meant all the same. */
  readonly confirmDuplicateOf?: string;
}

/** Whether the operator wants a request refused that its payer could not pay now. */
export interface CreateRequestSettings {
  readonly checkFunds: boolean;
}

const invalidExpiry = (message: string) =>
  new Refusal('VALIDATION_FAILED', `expiresAt: ${message}.`, { errors: [{ field: 'expiresAt', message }] });

function expiryOf(expiresAt: number | null, now: number): number {
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

const likelyAct = ({ requesterId, amount, memo }: CreateRequest, payerId: number): LikelyAct => ({
  does: 'ask',
  userId: requesterId,
  otherId: payerId,
  amount,
  memo,
});

const pairOf = ({ requesterId }: CreateRequest, payerId: number) => ({ requesterId, payerId });

export const createRequest = defineRule<CreateRequest, CreateRequestSettings>('create-request', {
  needsTime: true,

  reads(book, input, caller, now) {
    const { requesterId, from } = input;
    const payer = book.peek('users', { username_key: from });
    return [
      lookup('users', { id: requesterId }),
      lookup('users', { username_key: from }),
      lookup('accounts', { user_id: requesterId }),
      ...ratesReads(book),
      ...(payer
        ? [
            lookup('accounts', { user_id: payer.id }),
            ...blockReads(payer.id, requesterId),
            ...fundsRefusalReads(pairOf(input, payer.id)),
            ...likelyDuplicateReads(likelyAct(input, payer.id), caller, now),
          ]
        : []),
    ];
  },

  noteRefusal(book, input, { code }, { moment }) {
    const payer = book.find('users', { username_key: input.from });
    if (code === 'INSUFFICIENT_FUNDS' && payer) {
      countFundsRefusal(book, pairOf(input, payer.id), moment);
    }
  },

  decide(book, input, circumstances) {
    const { moment, facts, isDryRun } = circumstances;
    const requester = partyOf(book, book.get('users', { id: input.requesterId }));
    const payerUser = book.find('users', { username_key: input.from });
    if (!payerUser) {
      throw new Refusal('USER_NOT_FOUND', `There is no user ${input.from}. Check the spelling.`, {
        errors: [{ field: 'from', message: 'is nobody here' }],
      });
    }
    if (payerUser.id === input.requesterId) {
      throw new Refusal('SELF_REQUEST', 'You cannot ask yourself for money. Name somebody else.', {
        errors: [{ field: 'from', message: 'is yourself' }],
      });
    }
    const payer = partyOf(book, payerUser);
    refuseFrozen(requester, 'ask for money');
    refuseBlocked(book, requester.user.id, payer.user.id, 'from');
    const [from, to] = [payer.account.currency, requester.account.currency];
    const quote = quotePayment(input.amount, from, to, null, ratesInForce(book));
    // A dry run leaves no trace: what somebody else holds cannot be found out by one.
    if (facts.checkFunds && !isDryRun) {
      refuseBeyondFunds(book, pairOf(input, payerUser.id), payer, quote.sent.minor, moment);
    }
    const act = likelyAct(input, payer.user.id);
    const expiresAt = expiryOf(input.expiresAt, moment.now);
    refuseLikelyDuplicate(book, act, input.confirmDuplicateOf, circumstances);
    const request: RequestRow = {
      id: book.newId('requests'),
      requester_id: requester.user.id,
      payer_id: payer.user.id,
      amount: input.amount.minor,
      currency: input.amount.currency,
      memo: input.memo,
      status: 'pending',
      reason: null,
      payment_id: null,
      created_at: moment.now,
      expires_at: expiresAt,
      closed_at: null,
      reminded_at: null,
      act: actNumber(act),
    };
    book.insert('requests', request);
    const body = requestJson({ request, requester: requester.user.username, payer: payer.user.username });
    recordEvent(book, moment, payer.user.id, 'request.received', body);
    return isDryRun
      ? { status: 200, body: { ...body, id: null } }
      : { status: 201, body, location: `/v1/requests/${body.id}` };
  },
});
