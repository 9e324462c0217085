import { lookup } from '../../ledger/book/lookup.js';
import { exchangeReads, postPayment } from '../../ledger/post-payment.js';
import { recordEvent } from '../../ledger/record-event.js';
import { refuseFrozen } from '../accounts/refuse-frozen.js';
import { blockReads, refuseBlocked } from '../blocks/block.js';
import { ratesInForce, ratesReads } from '../conversion/rates-in-book.js';
import { limitReads, refuseBeyondLimits } from '../limits/refuse-beyond-limits.js';
import { partyOf, refuseBeyondMaxDebit, refuseWithoutFunds } from '../payments/parties.js';
import { type OutsideQuote, quotePayment } from '../payments/quote-payment.js';
import { paymentJson } from '../payments/wire.js';
import { askForCodeAbove, defineAskingRule } from '../second-factor/ask-for-code.js';
import type { RequestAct } from './close-request.js';
import { openRequest, requestReads, viewOf } from './find-request.js';
import { requestJson } from './wire.js';

export interface AcceptRequest extends RequestAct {
  /** The most that the payer is willing to be debited, in minor units of the payer's currency. */
  readonly maxDebit: number | null;
  /** The memo of the payment; undefined keeps the request's. */
  readonly memo?: string | null;
}

/**
 * Accepts a request: the payer pays what is asked for, in the currency of the request; its closing and the payment are one
 * act.
 */
export const acceptRequest = defineAskingRule<AcceptRequest, OutsideQuote>('accept-request', {
  needsTime: true,

  reads(book, { requestId }, _caller, now) {
    const request = book.peek('requests', { id: requestId });
    if (!request) {
      return requestReads(book, requestId);
    }
    const payer = book.peek('users', { id: request.payer_id });
    const requester = book.peek('users', { id: request.requester_id });
    return [
      ...requestReads(book, requestId),
      lookup('accounts', { user_id: request.payer_id }),
      ...ratesReads(book),
      ...limitReads(book, request.payer_id, now),
      lookup('accounts', { user_id: request.requester_id }),
      ...blockReads(request.requester_id, request.payer_id),
      ...(payer && requester ? exchangeReads(payer.currency, requester.currency) : []),
    ];
  },

  decide(book, { userId, requestId, maxDebit, memo }, circumstances) {
    const { moment, facts, isDryRun } = circumstances;
    const sides = openRequest(book, requestId, userId, 'payer', moment);
    const payer = partyOf(book, sides.payer);
    const requester = partyOf(book, sides.requester);
    refuseFrozen(payer, 'accept requests');
    refuseBlocked(book, payer.user.id, requester.user.id, 'id');
    const amount = { minor: sides.request.amount, currency: sides.request.currency };
    const [from, to] = [payer.account.currency, requester.account.currency];
    const quote = quotePayment(amount, from, to, facts, ratesInForce(book));
    refuseBeyondMaxDebit(quote, maxDebit);
    refuseWithoutFunds(payer, quote.sent.minor);
    refuseBeyondLimits(book, payer.user, quote.sent.minor, moment.now);
    askForCodeAbove(book, circumstances, quote.sent);
    const { payment, debit } = postPayment(
      book,
      {
        kind: 'request',
        fromUserId: payer.user.id,
        toUserId: requester.user.id,
        fromAccountId: payer.account.id,
        toAccountId: requester.account.id,
        sent: quote.sent,
        received: quote.received,
        rate: quote.rate,
        rates: quote.rates,
        memo: memo === undefined ? sides.request.memo : memo,
        requestId,
        refundOf: null,
      },
      moment,
    );
    const closed = book.update('requests', sides.request, {
      status: 'paid',
      payment_id: payment.id,
      closed_at: moment.now,
    });
    const request = requestJson(viewOf(sides, closed));
    recordEvent(book, moment, requester.user.id, 'request.paid', request);
    const body = paymentJson({
      payment,
      from: payer.user.username,
      to: requester.user.username,
      amount: -quote.sent.minor,
      balanceAfter: debit.balance_after,
      refunded: 0,
      correctedBy: [],
      rates: quote.rates,
    });
    return isDryRun
      ? {
          status: 200,
          body: { request: { ...request, paymentId: null }, payment: { ...body, id: null } },
        }
      : { status: 200, body: { request, payment: body } };
  },
});
