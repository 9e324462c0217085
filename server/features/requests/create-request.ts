import { lookup } from '../../ledger/book/lookup.js';
import { defineRule } from '../../ledger/rule.js';
import type { Money } from '../../money/money.js';
import { refuseFrozen } from '../accounts/refuse-frozen.js';
import { ratesReads } from '../conversion/rates-in-book.js';
import { type LikelyAct, likelyDuplicateReads, refuseLikelyDuplicate } from '../payments/likely-duplicate.js';
import { partyOf } from '../payments/parties.js';
import { expiryOf, findPayer, judgeAsking, judgeFunds, payerReads, writeRequest } from './ask-payer.js';
import { countFundsRefusal } from './refuse-beyond-funds.js';

export interface CreateRequest {
  readonly requesterId: number;
  /** The payer's username in lower case. */
  readonly from: string;
  readonly amount: Money;
  readonly memo: string | null;
  /** When the request is to expire, in microseconds since 1970; null for the usual time. */
  readonly expiresAt: number | null;
  /** The earlier request that looks the same, when this one is meant all the same. */
  readonly confirmDuplicateOf?: string;
}

/** Whether the operator wants a request refused that its payer could not pay now. */
export interface CreateRequestSettings {
  readonly checkFunds: boolean;
}

const likelyAct = ({ requesterId, amount, memo }: CreateRequest, payerId: number): LikelyAct => ({
  does: 'ask',
  userId: requesterId,
  otherId: payerId,
  amount,
  memo,
});

export const createRequest = defineRule<CreateRequest, CreateRequestSettings>('create-request', {
  needsTime: true,

  reads(book, input, caller, now) {
    const { requesterId, from } = input;
    const payer = book.peek('users', { username_key: from });
    return [
      lookup('users', { id: requesterId }),
      lookup('accounts', { user_id: requesterId }),
      ...ratesReads(book),
      ...payerReads(book, requesterId, from),
      ...(payer ? likelyDuplicateReads(likelyAct(input, payer.id), caller, now) : []),
    ];
  },

  noteRefusal(book, { requesterId, from }, { code }, { moment }) {
    const payer = book.find('users', { username_key: from });
    if (code === 'INSUFFICIENT_FUNDS' && payer) {
      countFundsRefusal(book, { requesterId, payerId: payer.id }, moment);
    }
  },

  decide(book, input, circumstances) {
    const { moment, facts, isDryRun } = circumstances;
    const { requesterId, from, amount, memo } = input;
    const requester = partyOf(book, book.get('users', { id: requesterId }));
    const payer = findPayer(book, requesterId, from);
    refuseFrozen(requester, 'ask for money');
    const cost = judgeAsking(book, { requester, payer }, amount);
    const expiresAt = expiryOf(input.expiresAt, moment.now);
    // A dry run leaves no trace: what somebody else holds cannot be found out by one.
    if (facts.checkFunds && !isDryRun) {
      judgeFunds(book, { requester, payer }, cost, moment);
    }
    refuseLikelyDuplicate(book, likelyAct(input, payer.user.id), input.confirmDuplicateOf, circumstances);
    const terms = { amount, memo, expiresAt, collectionId: null };
    const { json } = writeRequest(book, { requester, payer }, terms, moment);
    return isDryRun
      ? { status: 200, body: { ...json, id: null } }
      : { status: 201, body: json, location: `/v1/requests/${json.id}` };
  },
});
