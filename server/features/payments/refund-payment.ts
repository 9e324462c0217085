import assert from 'node:assert/strict';
import type { PaymentRow } from '../../../db/tables/payments.js';
import { timeText } from '../../clock.js';
import { Refusal } from '../../errors.js';
import type { Book, KnownBook } from '../../ledger/book/book.js';
import { type Lookup, lookup } from '../../ledger/book/lookup.js';
import { exchangeReads, postPayment } from '../../ledger/post-payment.js';
import { recordPaymentEvent } from '../../ledger/record-event.js';
import type { Caller } from '../../ledger/rule.js';
import { inverseRateText } from '../../money/convert.js';
import { currencyOf } from '../../money/currency.js';
import { moneyJson } from '../../money/format.js';
import { parseAmount } from '../../money/parse.js';
import { refuseFrozen } from '../accounts/refuse-frozen.js';
import { blockReads, isBlocked } from '../blocks/block.js';
import { askForCodeAbove, defineAskingRule } from '../second-factor/ask-for-code.js';
import {
  actNumber,
  type LikelyAct,
  likelyDuplicateReads,
  refuseLikelyDuplicate,
} from './likely-duplicate.js';
import { partyOf, refuseWithoutFunds } from './parties.js';
import { madePayment, replayPayment } from './payment-answer.js';
import { paymentRates, paymentRatesReads } from './payment-rates.js';
import { type Refunded, refundPart } from './refund-part.js';
import { paymentJson } from './wire.js';

export interface RefundPayment {
  /** The number of the user who gives back. */
  readonly userId: number;
  readonly paymentId: number;
  /**
   * The amount in the currency that was sent; null gives back all that is left, and so does the part that takes the last of
   * what arrived.
   */
  readonly amount: string | null;
  readonly reason: string | null;
  /** The earlier refund that looks the same, when this one is meant all the same. */
  readonly confirmDuplicateOf?: string;
}

/** The most parts in which a payment can be given back: all of them are looked at for each further one. */
const mostRefunds = 100;

/** The most refunds of a payment that are read: more it has not, those of older versions included, which knew no bound. */
const mostRead = 10_000;

/** The lookup of a payment's refunds. */
const refundsOf = (payment: PaymentRow): Lookup => lookup('payments', { refund_of: payment.id }, mostRead);

function refundedSoFar(book: Pick<Book, 'all'>, payment: PaymentRow): Refunded {
  let [returned, debited] = [0, 0];
  for (const refund of book.all('payments', refundsOf(payment))) {
    returned += refund.received_amount;
    debited += refund.sent_amount;
  }
  return { returned, debited };
}

export const noSuchPayment = () =>
  new Refusal('NOT_FOUND', 'You have no payment with this id.', { see: 'listPayments' });

function findRefundable(
  book: Book,
  { userId, paymentId }: RefundPayment,
): PaymentRow & { readonly from_user_id: number } {
  const payment = book.find('payments', { id: paymentId });
  if (!payment || (payment.from_user_id !== userId && payment.to_user_id !== userId)) {
    throw noSuchPayment();
  }
  if (payment.to_user_id !== userId) {
    throw new Refusal(
      'NOT_REFUNDABLE',
      'Only the one who received a payment can give it back. Ask for it with a request.',
    );
  }
  if ((payment.kind !== 'transfer' && payment.kind !== 'request') || payment.from_user_id === null) {
    throw new Refusal(
      'NOT_REFUNDABLE',
      'Neither a refund nor an adjustment nor an opening credit can be given back.',
    );
  }
  return { ...payment, from_user_id: payment.from_user_id };
}

function amountOf(text: string | null, payment: PaymentRow, { returned }: Refunded): number {
  const currency = currencyOf(payment.sent_currency);
  const left = payment.sent_amount - returned;
  const parsed = text === null ? { minor: left } : parseAmount(text, currency);
  if ('fault' in parsed) {
    const errors = [{ field: 'amount', message: parsed.message }];
    throw new Refusal('INVALID_AMOUNT', parsed.message, { errors });
  }
  if (left === 0 || parsed.minor > left) {
    const refundable = moneyJson({ minor: left, currency: currency.code });
    throw new Refusal(
      'REFUND_TOO_LARGE',
      `At most ${refundable.amount} ${refundable.currency} is left to give back.`,
      {
        figures: { refundable, refunded: moneyJson({ minor: returned, currency: currency.code }) },
      },
    );
  }
  return parsed.minor;
}

const likelyAct = (userId: number, { id, sent_currency }: PaymentRow, minor: number): LikelyAct => ({
  does: 'refund',
  userId,
  paymentId: id,
  amount: { minor, currency: sent_currency },
});

/** The lookups that tell whether as much of it was given back just before, once it is known how much that is. */
function duplicateReads(
  book: KnownBook,
  { userId, amount }: RefundPayment,
  payment: PaymentRow,
  caller: Caller,
  now: number,
): readonly Lookup[] {
  const currency = currencyOf(payment.sent_currency);
  const parsed = amount === null ? undefined : parseAmount(amount, currency);
  if (parsed && 'fault' in parsed) {
    return [];
  }
  const refunds = refundsOf(payment);
  if (!parsed && !book.isLoaded(refunds)) {
    return [refunds];
  }
  const minor = parsed?.minor ?? payment.sent_amount - refundedSoFar(book, payment).returned;
  return likelyDuplicateReads(likelyAct(userId, payment, minor), caller, now);
}

/** Refuses one more refund of a payment that has as many as there may be. */
function refuseTooMany(book: Book, payment: PaymentRow): void {
  if (book.all('payments', refundsOf(payment)).length >= mostRefunds) {
    throw new Refusal(
      'NOT_REFUNDABLE',
      `A payment can be given back in ${mostRefunds} parts, and this one has been. Make a new payment for the rest.`,
      { figures: { mostRefunds } },
    );
  }
}

/** The operator's settings for refunds. */
export interface RefundSettings {
  /** For how many days a payment across currencies can be given back. */
  readonly refundDays: number;
}

const dayMicros = 24 * 3600 * 1_000_000;

/**
 * Refuses to give back across currencies what was paid too long ago: at the old rate, whoever received it could choose the day
 * on which that costs least.
 */
function refuseLate(payment: PaymentRow, { refundDays }: RefundSettings, now: number): void {
  const until = payment.created_at + refundDays * dayMicros;
  if (now > until) {
    throw new Refusal(
      'NOT_REFUNDABLE',
      `A payment across currencies can be given back for ${refundDays} days, this one until ${timeText(until)}. Make a new payment instead.`,
      { figures: { refundDays, refundableUntil: timeText(until) } },
    );
  }
}

export const refundPayment = defineAskingRule<RefundPayment, RefundSettings>('refund-payment', {
  needsTime: true,
  replay: replayPayment,

  reads(book, input, caller, now) {
    const { userId, paymentId } = input;
    const payment = book.peek('payments', { id: paymentId });
    const reads = [lookup('payments', { id: paymentId })];
    if (payment?.to_user_id !== userId || payment.from_user_id === null) {
      return reads;
    }
    return [
      ...reads,
      refundsOf(payment),
      ...duplicateReads(book, input, payment, caller, now),
      ...[payment.from_user_id, userId].flatMap((id) => [
        lookup('users', { id }),
        lookup('accounts', { user_id: id }),
      ]),
      ...exchangeReads(payment.received_currency, payment.sent_currency),
      ...paymentRatesReads(payment),
      ...blockReads(userId, payment.from_user_id),
    ];
  },

  decide(book, input, circumstances) {
    const { moment, facts, isDryRun } = circumstances;
    const original = findRefundable(book, input);
    if (original.sent_currency !== original.received_currency) {
      refuseLate(original, facts, moment.now);
    }
    const soFar = refundedSoFar(book, original);
    const asked = amountOf(input.amount, original, soFar);
    refuseTooMany(book, original);
    const giver = partyOf(book, book.get('users', { id: input.userId }));
    const payer = partyOf(book, book.get('users', { id: original.from_user_id }));
    refuseFrozen(giver, 'refund');
    const part = refundPart(original, soFar, asked);
    assert(part.returned > 0 && part.debited > 0, 'What is left of both sides ends at once.');
    refuseWithoutFunds(giver, part.debited);
    const act = likelyAct(input.userId, original, asked);
    refuseLikelyDuplicate(book, act, input.confirmDuplicateOf, circumstances);
    const sent = { minor: part.debited, currency: original.received_currency };
    askForCodeAbove(book, circumstances, sent);
    const rates = paymentRates(book, original);
    const { payment, debit } = postPayment(
      book,
      {
        kind: 'refund',
        fromUserId: giver.user.id,
        toUserId: payer.user.id,
        fromAccountId: giver.account.id,
        toAccountId: payer.account.id,
        sent,
        received: { minor: part.returned, currency: original.sent_currency },
        rate: inverseRateText(original.rate),
        rates,
        // Money may go back between two who do not deal with each other; words do not.
        memo: isBlocked(book, giver.user.id, payer.user.id) ? null : input.reason,
        requestId: null,
        refundOf: original.id,
        act: actNumber(act),
      },
      moment,
    );
    recordPaymentEvent(book, moment, payer.user.id, 'refund.received', payment.id);
    const parties = {
      payment,
      from: giver.user.username,
      to: payer.user.username,
      refunded: 0,
      correctedBy: [],
      rates,
    };
    const body = paymentJson({ ...parties, amount: -part.debited, balanceAfter: debit.balance_after });
    return isDryRun ? { status: 200, body: { ...body, id: null } } : madePayment(body, payment.id);
  },
});
