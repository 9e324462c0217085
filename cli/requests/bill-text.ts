import type { Context } from '../context.js';
import { decimalPoint, moneyText } from '../terminal/money.js';
import { alignOnPoint, padEnd } from '../terminal/text/align.js';
import { joined, type Shown, shown } from '../terminal/text/shown.js';
import { visible } from '../terminal/text/visible.js';
import { localTime } from '../terminal/time.js';
import type { Bill } from './bills.js';
import { type BillTerms, sharesOf } from './make-bill.js';

/** What the person who asks must see before saying yes: who is asked for how much, and that it adds up to the bill. */
export function billText(bill: Bill, terms: BillTerms, isIncluded: boolean, context: Context): Shown {
  const { locale, stderr } = context;
  const { pen } = stderr;
  const { currency } = terms;
  const own = isIncluded ? sharesOf(terms, true).at(-1) : undefined;
  const rows = [
    ...bill.shares.map(({ body }) => [visible(body.from), body.amount] as const),
    ...(own === undefined ? [] : [['your own share', own] as const]),
    ['together', sharesOf({ ...terms, users: [''] }, false)[0] ?? terms.amount] as const,
  ];
  const amounts = alignOnPoint(
    rows.map(([, amount]) => moneyText({ amount, currency }, locale)),
    decimalPoint(locale),
  );
  const width = Math.max(...rows.map(([label]) => label.length));
  const lines = rows.map(
    ([label], index) => shown`  ${pen.dim(padEnd(label, width))}  ${amounts[index] ?? ''}`,
  );
  const [first] = bill.shares;
  const { memo, expiresAt } = first?.body ?? {};
  const more = (label: string, text: string) => shown`  ${pen.dim(padEnd(label, width))}  ${text}`;
  const texts = [
    ...lines,
    ...(memo === undefined ? [] : [more('memo', memo)]),
    ...(expiresAt === undefined ? [] : [more('until', localTime(expiresAt))]),
  ];
  return joined(texts, '\n');
}
