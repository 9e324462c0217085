import { timeText } from '../../clock.js';
import { problemJson } from '../../errors.js';
import type { Book } from '../../ledger/book.js';
import { type Circumstances, defineRule, type Moment } from '../../ledger/rule.js';
import { moneyJson } from '../../money/format.js';
import { refuseFrozen } from '../accounts/refuse-frozen.js';
import { refuseBeyondLimits } from '../limits/refuse-beyond-limits.js';
import { partyOf, refuseWithoutFunds } from '../payments/parties.js';
import type { QuoteAside } from '../payments/quote-payment.js';
import {
  judgeTransfer,
  postTransfer,
  receiverReads,
  senderReads,
  type Transfer,
  type TransferOrder,
} from '../payments/transfer.js';
import type { PaymentJson } from '../payments/wire.js';
import { itemRefusalOf, type RefusedItem, wholeRefusal } from './item-refusal.js';
import { receivedTogether, sentTogether } from './payout-totals.js';
import type { PayoutResultJson, PayoutTotalsJson } from './wire.js';

export type PayoutItem = Pick<TransferOrder, 'to' | 'amount' | 'memo'>;

export interface SendPayout {
  readonly senderId: number;
  readonly mode: 'each' | 'all';
  readonly items: readonly PayoutItem[];
}

/** What another conversion service said of each item; null where the server's own rates count. */
export type PayoutAside = readonly QuoteAside[] | null;

interface PaidItem {
  readonly index: number;
  readonly transfer: Transfer;
  readonly payment: PaymentJson;
}

type ItemEnd = PaidItem | RefusedItem;

type PayoutCircumstances = Circumstances<PayoutAside>;

const orderOf = ({ senderId }: SendPayout, item: PayoutItem): TransferOrder => ({
  senderId,
  ...item,
  maxDebit: null,
});

function judgeItem(book: Book, input: SendPayout, index: number, aside: PayoutAside): Transfer {
  const item = input.items[index];
  if (!item) {
    throw new RangeError(`A payout of ${input.items.length} has no item ${index}.`);
  }
  return judgeTransfer(book, orderOf(input, item), aside?.[index] ?? null);
}

/** A limit of the day counts what the items before this one have taken. */
function payWithinLimits(book: Book, transfer: Transfer, moment: Moment): PaymentJson {
  const { sender, quote } = transfer;
  refuseBeyondLimits(book, sender.user, quote.sent.minor, moment.now);
  return postTransfer(book, transfer, moment).json;
}

/** Judges each item when those before it are paid; one that is refused leaves nothing behind. */
function payEach(book: Book, input: SendPayout, { aside, moment }: PayoutCircumstances): readonly ItemEnd[] {
  return input.items.map((_item, index) => {
    const mark = book.mark();
    try {
      const transfer = judgeItem(book, input, index, aside);
      refuseWithoutFunds(transfer.sender, transfer.quote.sent.minor);
      return { index, transfer, payment: payWithinLimits(book, transfer, moment) };
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

/** Those that were not refused. */
function othersOf<End extends object>(ends: readonly (End | RefusedItem)[]): readonly End[] {
  return ends.filter((end): end is End => !isRefused(end));
}

function refuseRefused(ends: readonly object[]): void {
  const [first, ...others] = ends.filter(isRefused);
  if (first) {
    throw wholeRefusal([first, ...others]);
  }
}

/** Judges all items, then the funds over their sum; then pays them within the limits. Throws, and pays nobody, where one is refused. */
function payAll(book: Book, input: SendPayout, { aside, moment }: PayoutCircumstances): readonly PaidItem[] {
  const judged = input.items.map((_item, index) =>
    attempt(index, () => ({ index, transfer: judgeItem(book, input, index, aside) })),
  );
  refuseRefused(judged);
  const items = othersOf(judged);
  const sender = partyOf(book, book.get('users', { id: input.senderId }));
  refuseWithoutFunds(sender, sentTogether(items.map(({ transfer }) => transfer.quote)));
  return items.map(({ index, transfer }) => {
    const end = attempt(index, () => ({ index, transfer, payment: payWithinLimits(book, transfer, moment) }));
    if (isRefused(end)) {
      throw wholeRefusal([end]);
    }
    return end;
  });
}

function resultOf(end: ItemEnd, { caller, isDryRun }: PayoutCircumstances): PayoutResultJson {
  if (isRefused(end)) {
    const { index, refusal } = end;
    return { index, status: refusal.status, error: problemJson(refusal, caller.requestId) };
  }
  const { index, payment } = end;
  return isDryRun
    ? { index, status: 200, payment: { ...payment, id: null } }
    : { index, status: 201, payment };
}

function totalsOf(book: Book, { senderId }: SendPayout, ends: readonly ItemEnd[]): PayoutTotalsJson {
  const quotes = othersOf<PaidItem>(ends).map(({ transfer }) => transfer.quote);
  const { currency, balance } = partyOf(book, book.get('users', { id: senderId })).account;
  return {
    paid: quotes.length,
    refused: ends.length - quotes.length,
    sent: moneyJson({ minor: sentTogether(quotes), currency }),
    received: receivedTogether(quotes).map(moneyJson),
    balanceAfter: moneyJson({ minor: balance, currency }),
  };
}

/** Where the payments of a payout can be read: all of them carry its time. */
const placeOf = ({ now }: Moment) =>
  `/v1/payments?direction=sent&since=${timeText(now)}&until=${timeText(now + 1)}`;

/**
 * Many payments as one decision. Nobody is asked whether a payment is meant twice: whoever writes a list means every
 * line of it, and the key keeps the list from being paid again.
 */
export const sendPayout = defineRule<SendPayout, PayoutAside>('send-payout', {
  needsTime: true,

  reads(book, { senderId, items }, _caller, now) {
    const receivers = new Set(items.map(({ to }) => to));
    return [
      ...senderReads(book, senderId, now),
      ...[...receivers].flatMap((to) => receiverReads(book, { senderId, to })),
    ];
  },

  decide(book, input, circumstances) {
    // Of the sender alone, so that it is said once instead of for every item.
    refuseFrozen({ user: book.get('users', { id: input.senderId }) }, 'pay');
    const pay = input.mode === 'all' ? payAll : payEach;
    const ends = pay(book, input, circumstances);
    const body = {
      mode: input.mode,
      results: ends.map((end) => resultOf(end, circumstances)),
      totals: totalsOf(book, input, ends),
    };
    return circumstances.isDryRun
      ? { status: 200, body }
      : { status: 201, body, location: placeOf(circumstances.moment) };
  },
});
