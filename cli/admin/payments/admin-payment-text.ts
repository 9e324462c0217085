import type { AdminPaymentJson } from '../../../server/features/admin/wire.js';
import type { Context } from '../../context.js';
import { kindTexts } from '../../history/kinds.js';
import { memoText } from '../../history/payment-text.js';
import { moneyText } from '../../terminal/money.js';
import type { Column } from '../../terminal/table.js';
import { relativeTime } from '../../terminal/time.js';

/** The user on a side of a payment; the kind of payment where it is the system. */
function sideText(payment: AdminPaymentJson, side: 'from' | 'to'): string {
  return payment[side] ?? kindTexts[payment.kind] ?? payment.kind;
}

/** The memo, with the kind of payment where no side says it. */
function wordsOf(payment: AdminPaymentJson): string {
  return payment.from === null || payment.to === null ? (payment.memo ?? '') : memoText(payment);
}

type Columns = Column<AdminPaymentJson>[];

/** Both sides in one column, for a narrow terminal. */
const bothSides: Columns = [
  { header: 'from → to', people: ({ from, to }) => `${from ?? ''} → ${to ?? ''}`.trim(), mayShrink: true },
];

const eachSide: Columns = [
  { header: 'from', people: (payment) => sideText(payment, 'from'), mayShrink: true },
  { header: 'to', people: (payment) => `→ ${sideText(payment, 'to')}`, mayShrink: true },
];

const leastForEachSide = 80;

/** The columns of a list of everybody's payments; what was received only where a row has another currency there. */
export function adminPaymentColumns(
  { stdout: { pen, width }, locale, now }: Pick<Context, 'stdout' | 'locale' | 'now'>,
  payments: readonly AdminPaymentJson[],
): Columns {
  const isNarrow = width < leastForEachSide;
  const dim = (text: string) => pen.dim(text);
  const isCrossing = ({ sent, received }: AdminPaymentJson) => sent.currency !== received.currency;
  const received: Column<AdminPaymentJson> = {
    header: 'received',
    people: (payment) => (isCrossing(payment) ? moneyText(payment.received, locale) : ''),
    align: 'point',
    mayFold: 'late',
    paint: dim,
  };
  return [
    {
      header: 'when',
      people: ({ createdAt }) => relativeTime(createdAt, now()),
      mayFold: 'late',
      isPlain: true,
      paint: dim,
    },
    ...(isNarrow ? bothSides : eachSide),
    { header: 'sent', people: ({ sent }) => moneyText(sent, locale), align: 'point' },
    ...(payments.some(isCrossing) ? [received] : []),
    { header: 'id', people: ({ id }) => id ?? '', mayFold: true, paint: dim },
    { header: 'memo', people: isNarrow ? memoText : wordsOf, mayShrink: true, mayFold: true },
  ];
}

/** The names of the cells of anybody's payment, for a pipe. */
export const adminPaymentCellNames = [
  ...['id', 'createdAt', 'kind', 'from', 'to', 'sent', 'sentCurrency'],
  ...['received', 'receivedCurrency', 'memo'],
];

/** The cells of anybody's payment for a pipe, by these names. */
export function adminPaymentCells(payment: AdminPaymentJson): string[] {
  const { id, createdAt, kind, from, to, sent, received, memo } = payment;
  return [
    ...[id ?? '', createdAt, kind, from ?? '', to ?? ''],
    ...[sent.amount, sent.currency, received.amount, received.currency, memo ?? ''],
  ];
}
