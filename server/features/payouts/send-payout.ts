import { Refusal } from '../../errors.js';
import type { Book } from '../../ledger/book/book.js';
import type { Circumstances, Moment } from '../../ledger/rule.js';
import { refuseFrozen } from '../accounts/refuse-frozen.js';
import { refuseBeyondLimits } from '../limits/refuse-beyond-limits.js';
import { partyOf, refuseWithoutFunds } from '../payments/parties.js';
import type { OutsideQuote } from '../payments/quote-payment.js';
import {
  judgeTransfer,
  postTransfer,
  receiverReads,
  senderReads,
  type Transfer,
  type TransferOrder,
} from '../payments/transfer.js';
import { askForCodeAbove, defineAskingRule } from '../second-factor/ask-for-code.js';
import { itemRefusalOf, type RefusedItem, wholeRefusal } from './item-refusal.js';
import { type PaidItem, payoutAnswer, payoutTotals, replayPayout } from './payout-answer.js';
import { sentTogether } from './payout-totals.js';

export type PayoutItem = Pick<TransferOrder, 'to' | 'amount' | 'memo'>;

export interface SendPayout {
  readonly senderId: number;
  readonly mode: 'each' | 'all';
  readonly items: readonly PayoutItem[];
}

/** The quotes of another conversion service, one for each item; null where the server's own rates count. */
export type OutsideQuotes = readonly OutsideQuote[] | null;

type ItemEnd = PaidItem | RefusedItem;

type PayoutCircumstances = Circumstances<OutsideQuotes>;

const orderOf = ({ senderId }: SendPayout, item: PayoutItem): TransferOrder => ({
  senderId,
  ...item,
  maxDebit: null,
});

function judgeItem(book: Book, input: SendPayout, index: number, facts: OutsideQuotes): Transfer {
  const item = input.items[index];
  if (!item) {
    throw new RangeError(`A payout of ${input.items.length} has no item ${index}.`);
  }
  return judgeTransfer(book, orderOf(input, item), facts?.[index] ?? null);
}

/** A limit of the day counts what the items before this one have taken. */
function payWithinLimits(book: Book, index: number, transfer: Transfer, moment: Moment): PaidItem {
  const { sender, quote } = transfer;
  refuseBeyondLimits(book, sender.user, quote.sent.minor, moment.now);
  const { id, json } = postTransfer(book, transfer, moment);
  return { index, id, sent: quote.sent, received: quote.received, payment: json };
}

/** Judges each item when those before it are paid; one that is refused leaves nothing behind. */
function payEach(book: Book, input: SendPayout, { facts, moment }: PayoutCircumstances): readonly ItemEnd[] {
  return input.items.map((_item, index) => {
    const mark = book.mark();
    try {
      const transfer = judgeItem(book, input, index, facts);
      refuseWithoutFunds(transfer.sender, transfer.quote.sent.minor);
      return payWithinLimits(book, index, transfer, moment);
    } catch (error) {
      book.rollBackTo(mark);
      return itemRefusalOf(error, index);
    }
  });
}

function attempt<Result>(index: number, work: () => Result): Result | RefusedItem {
  try {
    return work();
  } catch (error) {
    return itemRefusalOf(error, index);
  }
}

const isRefused = (end: object): end is RefusedItem => 'refusal' in end;

/** The ends of the items that were not refused. */
function othersOf<End extends object>(ends: readonly (End | RefusedItem)[]): readonly End[] {
  return ends.filter((end): end is End => !isRefused(end));
}

function refuseRefused(ends: readonly object[]): void {
  const refused = ends.filter(isRefused);
  if (refused.length > 0) {
    throw wholeRefusal(refused);
  }
}

/** Judges all items, then the funds over their sum; then pays them within the limits. Throws, and pays nobody, where one is refused. */
function payAll(book: Book, input: SendPayout, { facts, moment }: PayoutCircumstances): readonly PaidItem[] {
  const judged = input.items.map((_item, index) =>
    attempt(index, () => ({ index, transfer: judgeItem(book, input, index, facts) })),
  );
  refuseRefused(judged);
  const items = othersOf(judged);
  const sender = partyOf(book, book.get('users', { id: input.senderId }));
  refuseWithoutFunds(sender, sentTogether(items.map(({ transfer }) => transfer.quote)));
  return items.map(({ index, transfer }) => {
    const end = attempt(index, () => payWithinLimits(book, index, transfer, moment));
    if (isRefused(end)) {
      throw wholeRefusal([end]);
    }
    return end;
  });
}

/**
 * The refusal of a payout that pays nobody, with what its answer would have said besides: an answer of success would be
 * kept for good. Of a dry run nothing is kept, so that it may name all.
 */
function nobodyPaid(
  book: Book,
  { senderId }: SendPayout,
  ends: readonly ItemEnd[],
  isDryRun: boolean,
): Refusal {
  const refusal = wholeRefusal(ends.filter(isRefused), isDryRun ? ends.length : undefined);
  const { currency, balance } = partyOf(book, book.get('users', { id: senderId })).account;
  const totals = payoutTotals([], ends.length, { minor: balance, currency });
  const { figures, ...details } = refusal.details;
  return new Refusal(refusal.code, refusal.message, { ...details, figures: { ...figures, totals } });
}

/**
 * Many payments as one decision. Nobody is asked whether a payment is meant twice: whoever writes a list means every
 * line of it, and the key keeps the list from being paid again.
 */
export const sendPayout = defineAskingRule<SendPayout, OutsideQuotes>('send-payout', {
  needsTime: true,
  replay: replayPayout,

  reads(book, { senderId, items }, _caller, now) {
    const receivers = new Set(items.map(({ to }) => to));
    return [
      ...senderReads(book, senderId, now),
      ...[...receivers].flatMap((to) => receiverReads(book, { senderId, to })),
    ];
  },

  decide(book, input, circumstances) {
    // The sender alone is judged first, so that it is said once instead of for every item.
    refuseFrozen({ user: book.get('users', { id: input.senderId }) }, 'pay');
    const pay = input.mode === 'all' ? payAll : payEach;
    const ends = pay(book, input, circumstances);
    const { caller, isDryRun, moment } = circumstances;
    if (ends.every(isRefused)) {
      throw nobodyPaid(book, input, ends, isDryRun);
    }
    // The sum of the payout counts: else a thousand small payments would pass that no code was shown for.
    const minor = sentTogether(othersOf<PaidItem>(ends));
    const { currency } = book.get('users', { id: input.senderId });
    askForCodeAbove(book, circumstances, { minor, currency });
    const { requestId } = caller;
    return payoutAnswer({ mode: input.mode, ends, requestId, isDryRun }, moment.now);
  },
});
