import { timeText } from '../clock.js';
import { currencyOf } from '../money/currency.js';
import { formatAmount } from '../money/format.js';
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

/** RFC 4180: quoted where needed, quotes doubled, lines end in CRLF. */
function line(cells: readonly (string | null)[]): string {
  const quoted = cells.map((cell) => {
    const text = cell ?? '';
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  });
  return `${quoted.join(',')}\r\n`;
}

function cellsOf(view: PaymentView): Readonly<Record<(typeof columns)[number], string | null>> {
  const { payment, amount } = view;
  const isSent = amount < 0;
  const own = currencyOf(ownSide(view).currency);
  const [otherMinor, otherCode] = isSent
    ? [payment.received_amount, payment.received_currency]
    : [payment.sent_amount, payment.sent_currency];
  return {
    id: payment.id,
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
    requestId: payment.request_id,
    refundOf: payment.refund_of,
    balanceAfter: formatAmount(view.balanceAfter, own),
  };
}

/** The history as CSV (RFC 4180), a chunk for each page that is read. */
export async function* historyCsv(pages: AsyncIterable<readonly PaymentView[]>): AsyncGenerator<string> {
  yield line(columns);
  for await (const page of pages) {
    yield page
      .map(cellsOf)
      .map((cells) => line(columns.map((column) => cells[column])))
      .join('');
  }
}
