import { timeText } from '../../clock.js';
import type { CsvTable } from '../../http/answer/csv.js';
import { publicId } from '../../ids.js';
import { currencyOf } from '../../money/currency.js';
import { formatAmount } from '../../money/format.js';
import { ownSide, type PaymentView } from './wire.js';

const columns = [
  'id',
  'createdAt',
  'kind',
  'direction',
  'counterparty',
  'amount',
  'currency',
  'otherAmount',
  'otherCurrency',
  'rate',
  'memo',
  'requestId',
  'refundOf',
  'balanceAfter',
] as const;

type Column = (typeof columns)[number];

function cellsOf(view: PaymentView): Readonly<Record<Column, string | null>> {
  const { payment, amount } = view;
  const isSent = amount < 0;
  const own = currencyOf(ownSide(view).currency);
  const [otherMinor, otherCode] = isSent
    ? [payment.received_amount, payment.received_currency]
    : [payment.sent_amount, payment.sent_currency];
  return {
    id: publicId('pay', payment.id),
    createdAt: timeText(payment.created_at),
    kind: payment.kind,
    direction: isSent ? 'sent' : 'received',
    counterparty: isSent ? view.to : view.from,
    amount: formatAmount(amount, own),
    currency: own.code,
    otherAmount: formatAmount(otherMinor, currencyOf(otherCode)),
    otherCurrency: otherCode,
    rate: payment.rate,
    memo: payment.memo,
    requestId: payment.request_id === null ? null : publicId('req', payment.request_id),
    refundOf: payment.refund_of === null ? null : publicId('pay', payment.refund_of),
    balanceAfter: formatAmount(view.balanceAfter, own),
  };
}

/** A user's own history as a table. */
export const historyCsv: CsvTable<PaymentView, Column> = { columns, cellsOf };
