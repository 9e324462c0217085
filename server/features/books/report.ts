import type { BooksJson, CurrencyBooksJson } from './wire.js';

const columns = [
  'currency',
  'sum',
  'issued',
  'users',
  'exchange',
] as const satisfies readonly (keyof CurrencyBooksJson)[];

/** Currency by currency, amounts flush right: all of one currency have the same decimals. */
function table(currencies: readonly CurrencyBooksJson[]): readonly string[] {
  const rows = [columns, ...currencies.map((books) => columns.map((column) => books[column]))];
  const widths = columns.map((_, place) => Math.max(...rows.map((row) => row[place]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, place) =>
        place === 0 ? cell.padEnd(widths[place] ?? 0) : cell.padStart(widths[place] ?? 0),
      )
      .join('  '),
  );
}

const counted = (howMany: number, noun: string, plural = `${noun}s`) =>
  `${howMany.toLocaleString('en')} ${howMany === 1 ? noun : plural}`;

function verdict({ balanced, problems, problemCount }: BooksJson): readonly string[] {
  if (balanced) {
    return ['The books are right.'];
  }
  const untold = problemCount - problems.length;
  return [
    `The books are wrong: ${counted(problemCount, 'problem')}.`,
    ...problems.map((problem) => `- ${problem}`),
    ...(untold > 0 ? [`and ${untold.toLocaleString('en')} more.`] : []),
  ];
}

/** The report of a check, as lines for the operator. */
export function booksReport(books: BooksJson): string {
  const { payments, entries, currencies } = books;
  const lines = [
    ...(currencies.length > 0 ? table(currencies) : []),
    `${counted(payments, 'payment')}, ${counted(entries, 'entry', 'entries')}`,
    ...verdict(books),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
