import { amountFault, currencyCode } from '../../terminal/amount.js';
import { counted } from '../../terminal/text/counted.js';
import type { LineFault, PayoutLine } from './payout-line.js';
import type { ColumnName, Columns } from './read-header.js';

const username = /^[A-Za-z0-9@.+_-]{1,100}$/;
const currency = /^[A-Z]{3}$/;
const longestMemo = 500;
// Hidden characters of a memo as the server judges them, so that a line is refused before anything is sent.
const hiddenInMemo = /[^\t\n\r\P{Cc}]|\p{Bidi_Control}/u;

/** The fault of a memo, as the rest of a sentence; the server keeps it as it stands or not at all. */
function memoFault(memo: string): string | undefined {
  if (memo.length > longestMemo) {
    return `the memo has ${memo.length} characters; it may have ${longestMemo}.`;
  }
  return hiddenInMemo.test(memo) ? 'the memo holds a control character, which nobody could see.' : undefined;
}

function faultOf(line: PayoutLine, ownCurrency: string | undefined): string | undefined {
  const { to, amount, memo } = line;
  if (!username.test(to)) {
    return to === '' ? 'nobody is named under "to".' : `"${to}" is no username.`;
  }
  if (line.currency !== undefined && !currency.test(line.currency)) {
    return `"${line.currency}" is no currency; write its code, such as GBP.`;
  }
  if (amount === '') {
    return 'the amount is missing.';
  }
  const fault = amountFault(amount, line.currency ?? ownCurrency);
  if (fault !== undefined) {
    return `"${amount}" is no amount. ${fault}`;
  }
  return memo === undefined ? undefined : memoFault(memo);
}

const decimalComma = /^(\d+),(\d+)$/;

/** An amount with its decimal comma as a point, unless the comma may as well part thousands. */
function withPoint(amount: string): string {
  const [, whole, decimals] = decimalComma.exec(amount) ?? [];
  return decimals === undefined || decimals.length === 3 ? amount : `${whole}.${decimals}`;
}

/** The cells of a row under the columns; what is blank beyond them is passed over. */
function cellsUnder({ size }: Columns, cells: readonly string[]): readonly string[] {
  return cells.slice(size).every((cell) => cell.trim() === '') ? cells.slice(0, size) : cells;
}

export interface Reading {
  /** The payer's currency, where it is known. */
  readonly ownCurrency: string | undefined;
  /** Whether the file is of a locale that writes 10,50. */
  readonly hasDecimalComma: boolean;
}

/** A row as a payment, or what is wrong with it. */
export function readLine(
  row: readonly string[],
  columns: Columns,
  line: number,
  { ownCurrency, hasDecimalComma }: Reading,
): PayoutLine | LineFault {
  const cells = cellsUnder(columns, row);
  if (cells.length !== columns.size) {
    const hint = cells.length > columns.size ? ' Put text that holds a separator in quotes.' : '';
    return {
      line,
      message: `it has ${counted(cells.length, 'column', 'columns')}, the first line has ${columns.size}.${hint}`,
    };
  }
  const cell = (name: ColumnName) => cells[columns.get(name) ?? cells.length] ?? '';
  const [code, memo, written] = [currencyCode(cell('currency').trim()), cell('memo'), cell('amount').trim()];
  const amount = hasDecimalComma ? withPoint(written) : written;
  const read: PayoutLine = {
    line,
    to: cell('to').trim(),
    amount,
    ...(amount !== written && { written }),
    ...(code && { currency: code }),
    ...(memo !== '' && { memo }),
  };
  const message = faultOf(read, ownCurrency);
  return message === undefined ? read : { line, message };
}
