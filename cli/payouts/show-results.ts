import type { Context } from '../context.js';
import { moneyText } from '../terminal/money.js';
import { showLine, tableText } from '../terminal/show.js';
import type { Column } from '../terminal/table.js';
import { shown } from '../terminal/text/shown.js';
import { type LineResult, reasonOf } from './line-result.js';

/** The cells of a result for a pipe: line, what became of it, to, debited, currency, received, currency, id, memo, why not. */
function resultCells(result: LineResult): string[] {
  const { line, to, status, payment, error } = result;
  return [
    String(line),
    status,
    to,
    payment?.sent.amount ?? '',
    payment?.sent.currency ?? '',
    payment?.received.amount ?? '',
    payment?.received.currency ?? '',
    payment?.id ?? '',
    payment?.memo ?? '',
    error === null ? '' : `${String(error.code)}: ${reasonOf(result)}`,
  ];
}

const marks = { paid: '✓', payable: '·', refused: '✗' } as const;

function columnsOf({ stdout, locale }: Context): Column<LineResult>[] {
  const { pen } = stdout;
  const paints = { paid: pen.green, payable: pen.dim, refused: pen.red };
  return [
    { header: 'line', people: ({ line }) => String(line), align: 'right' },
    {
      header: 'to',
      people: ({ status, to }) => `${marks[status]} ${to}`,
      paint: (text, { status }) => paints[status](text),
    },
    {
      header: 'amount',
      people: ({ payment }) => (payment ? moneyText(payment.sent, locale) : ''),
      align: 'point',
    },
    {
      header: 'theirs',
      people: ({ payment }) =>
        payment && payment.sent.currency !== payment.received.currency
          ? moneyText(payment.received, locale)
          : '',
      align: 'point',
      paint: (text) => pen.dim(text),
    },
    {
      header: 'memo',
      people: (result) => (result.payment ? (result.payment.memo ?? '') : reasonOf(result)),
      mayShrink: true,
      mayFold: true,
    },
    {
      header: 'id',
      people: ({ payment }) => payment?.id ?? '',
      mayFold: true,
      paint: (text) => pen.dim(text),
    },
  ];
}

/** Writes results as they come: an object or a row a line. Does nothing on a terminal, which gets a table in the end. */
export async function streamResults(context: Context, results: readonly LineResult[]): Promise<void> {
  if (context.stdout.isTerminal && !context.isJson) {
    return;
  }
  for (const result of results) {
    await showLine(context, { json: result, people: () => shown``, machine: () => [resultCells(result)] });
  }
}

/** Shows all results as a table on a terminal; elsewhere they have been written as they came. */
export async function tabulateResults(context: Context, results: readonly LineResult[]): Promise<void> {
  if (context.stdout.isTerminal && !context.isJson && results.length > 0) {
    await context.stdout.write(await tableText(context, columnsOf(context), results));
  }
}
