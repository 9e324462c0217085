import type { BooksJson, CurrencyBooksJson } from '../../server/features/books/wire.js';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import { moneyText } from '../terminal/money.js';
import { show, tableText } from '../terminal/show.js';
import type { Column } from '../terminal/table.js';
import { counted } from '../terminal/text/counted.js';
import { joined, type Part, type Shown, shown } from '../terminal/text/shown.js';

// The check works everything out anew: half a minute on a million payments, and more on a slow disk.
const checkTimeoutMs = 15 * 60_000;

type Figure = 'issued' | 'users' | 'exchange' | 'sum';

function columnsOf({ stdout: { pen }, locale }: Context): Column<CurrencyBooksJson>[] {
  const figure = (
    header: string,
    name: Figure,
    paint?: Column<CurrencyBooksJson>['paint'],
  ): Column<CurrencyBooksJson> => ({
    header,
    people: ({ currency, [name]: amount }) => moneyText({ amount, currency }, locale),
    align: 'point',
    ...(paint && { paint }),
  });
  return [
    figure('issued', 'issued'),
    figure('held by users', 'users'),
    figure('by exchange', 'exchange'),
    figure('sum', 'sum', (text, { sum }) => (/[1-9]/.test(sum) ? pen.red(text) : pen.dim(text))),
  ];
}

const countText = (count: number, one: string, many: string) =>
  counted(count, one, many, count.toLocaleString('en-GB'));

/** The sentences of the verdict, each with how far it is from the left. */
function verdictText(
  { balanced, payments, entries, problems, problemCount }: BooksJson,
  { stdout: { pen } }: Context,
): readonly (readonly [indent: number, text: Part])[] {
  const checked = `${countText(payments, 'payment', 'payments')}, ${countText(entries, 'entry', 'entries')}`;
  if (balanced) {
    return [[0, shown`${pen.green('✓')} The books balance: ${checked}.`]];
  }
  const more = problemCount - problems.length;
  const count = countText(problemCount, 'problem', 'problems');
  const rest = [[2, `… and ${more} more; pay-server check, on the server, prints all.`]] as const;
  return [
    [0, shown`${pen.red('✗')} The books do not balance (${checked}). ${count}:`],
    ...problems.map((problem) => [2, problem] as const),
    ...(more > 0 ? rest : []),
  ];
}

async function booksText(books: BooksJson, context: Context): Promise<Shown> {
  const table =
    books.currencies.length === 0
      ? ''
      : shown`${await tableText(context, columnsOf(context), books.currencies)}\n`;
  const { wrapBeside } = await import('../terminal/text/wrap.js');
  const { width } = context.stdout;
  const verdict = verdictText(books, context).map(([indent, text]) => {
    return shown`${' '.repeat(indent)}${wrapBeside(text, indent, width)}\n`;
  });
  return joined([table, ...verdict]);
}

/** Checks the books; whoever reads only the status learns by 1 that they do not balance. @throws Failure */
export async function books(context: Context): Promise<void> {
  const api = await context.api();
  const found = await api.call('GET /v1/admin/ledger', {
    timeoutMs: checkTimeoutMs,
    task: 'checking the books',
  });
  await show(context, {
    json: found,
    people: () => booksText(found, context),
    machine: () => [
      ['balanced', String(found.balanced)],
      ['payments', String(found.payments)],
      ['entries', String(found.entries)],
      ...found.currencies.map(({ currency, sum, issued, users, exchange }) => [
        ...['currency', currency, sum, issued, users, exchange],
      ]),
      ...found.problems.map((problem) => ['problem', problem]),
    ],
  });
  if (!found.balanced) {
    throw new Failure('refused', 'The books do not balance.', {
      next: ['On the server, print all that is wrong: pay-server check'],
    });
  }
}
