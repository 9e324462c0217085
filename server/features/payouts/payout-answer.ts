import assert from 'node:assert/strict';
import { timeText } from '../../clock.js';
import { problemJson, Refusal, type RefusalDetails } from '../../errors.js';
import type { Acceptance, RememberedPayments, Replay } from '../../ledger/rule.js';
import { moneyJson } from '../../money/format.js';
import type { Money } from '../../money/money.js';
import { madePaymentJson, madePaymentReads } from '../payments/payment-answer.js';
import type { PaymentJson } from '../payments/wire.js';
import type { RefusedItem } from './item-refusal.js';
import { receivedTogether, sentTogether } from './payout-totals.js';
import type { PayoutResultJson, PayoutTotalsJson } from './wire.js';

/** An item that was paid, and what it moved. */
export interface PaidItem {
  readonly index: number;
  readonly id: number;
  readonly sent: Money;
  readonly received: Money;
  readonly payment: PaymentJson;
}

/** An item that was refused, by its place in the list: its code, its sentence, and what else the refusal says. */
type ReplayedRefusal = readonly [
  index: number,
  code: Refusal['code'],
  detail: string,
  details: RefusalDetails,
];

/** The data that the answer to a payout is made of again, besides its payments. */
interface ReplayData {
  /** How many items were paid: their payments have numbers that follow on the first one's. */
  readonly paid: number;
  /** The id of the request, which the problems of refused items name. */
  readonly requestId?: string;
  readonly refused?: readonly ReplayedRefusal[];
}

const isRefused = (end: PaidItem | RefusedItem): end is RefusedItem => 'refusal' in end;

/** The path at which the payments of a payout can be read: all of them carry its time. */
const placeOf = (micros: number) =>
  `/v1/payments?direction=sent&since=${timeText(micros)}&until=${timeText(micros + 1)}`;

function resultOf(end: PaidItem | RefusedItem, requestId: string, isDryRun: boolean): PayoutResultJson {
  if (isRefused(end)) {
    const { index, refusal } = end;
    return { index, status: refusal.status, error: problemJson(refusal, requestId) };
  }
  const { index, payment } = end;
  return isDryRun
    ? { index, status: 200, payment: { ...payment, id: null } }
    : { index, status: 201, payment };
}

/** The totals of a payout that leaves its sender this balance. */
export function payoutTotals(paid: readonly PaidItem[], refused: number, balance: Money): PayoutTotalsJson {
  return {
    paid: paid.length,
    refused,
    sent: moneyJson({ minor: sentTogether(paid), currency: balance.currency }),
    received: receivedTogether(paid).map(moneyJson),
    balanceAfter: moneyJson(balance),
  };
}

export interface PayoutEnd {
  readonly mode: 'each' | 'all';
  /** The ends of the items, in their order; some were paid. */
  readonly ends: readonly (PaidItem | RefusedItem)[];
  /** The id of the request that asked for it. */
  readonly requestId: string;
  readonly isDryRun: boolean;
}

function bodyOf({ mode, ends, requestId, isDryRun }: PayoutEnd) {
  const paid = ends.filter((end): end is PaidItem => !isRefused(end));
  const last = paid.at(-1);
  assert(last?.payment.balanceAfter, 'Whoever pays sees what is left.');
  const sums = payoutTotals(paid, ends.length - paid.length, { minor: 0, currency: last.sent.currency });
  return {
    mode,
    results: ends.map((end) => resultOf(end, requestId, isDryRun)),
    totals: { ...sums, balanceAfter: last.payment.balanceAfter },
  };
}

function replayDataOf({ ends, requestId }: PayoutEnd): ReplayData {
  const refused = ends
    .filter(isRefused)
    .map(({ index, refusal }): ReplayedRefusal => [index, refusal.code, refusal.message, refusal.details]);
  const paid = ends.length - refused.length;
  return refused.length === 0 ? { paid } : { paid, requestId, refused };
}

/** The answer to a payout in which somebody was paid. */
export function payoutAnswer(end: PayoutEnd, micros: number): Acceptance {
  const body = bodyOf(end);
  if (end.isDryRun) {
    return { status: 200, body };
  }
  const ids = end.ends.flatMap((one) => (isRefused(one) ? [] : [one.id]));
  const first = ids[0] ?? 0;
  assert.equal(ids.at(-1), first + ids.length - 1, 'The payments of a payout follow on each other.');
  return {
    status: 201,
    body,
    location: placeOf(micros),
    paymentId: first,
    replayData: JSON.stringify(replayDataOf(end)),
  };
}

function readReplayData({ replayData }: RememberedPayments): ReplayData {
  assert(replayData !== null, 'A payout keeps how many it paid.');
  return JSON.parse(replayData) as ReplayData;
}

/** The answer to a payout, made again from its payments and from what was kept of those that it refused. */
export const replayPayout: Replay<{ readonly mode: 'each' | 'all' }> = {
  reads(book, remembered) {
    const { paymentId, userId } = remembered;
    const { paid } = readReplayData(remembered);
    return Array.from({ length: paid }, (_, place) => paymentId + place).flatMap((id) =>
      madePaymentReads(book, id, userId),
    );
  },

  answer(book, remembered, { mode }) {
    const { paymentId, userId } = remembered;
    const { paid, requestId = '', refused = [] } = readReplayData(remembered);
    const ends: (PaidItem | RefusedItem)[] = [];
    for (const [index, code, detail, details] of refused) {
      ends[index] = { index, refusal: new Refusal(code, detail, details) };
    }
    let id = paymentId;
    for (let index = 0; index < paid + refused.length; index += 1) {
      if (ends[index] === undefined) {
        const { sent_amount, sent_currency, received_amount, received_currency } = book.get('payments', {
          id,
        });
        ends[index] = {
          index,
          id,
          sent: { minor: sent_amount, currency: sent_currency },
          received: { minor: received_amount, currency: received_currency },
          payment: madePaymentJson(book, id, userId),
        };
        id += 1;
      }
    }
    const { created_at } = book.get('payments', { id: paymentId });
    return { body: bodyOf({ mode, ends, requestId, isDryRun: false }), location: placeOf(created_at) };
  },
};
