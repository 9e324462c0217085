import type { RatesRow } from '../../../db/tables/payments.js';
import type { Book, KnownBook } from '../../ledger/book/book.js';
import { type Lookup, lookup } from '../../ledger/book/lookup.js';
import { type RateTable, readCurrenciesText } from '../../money/rate-table.js';

const tables = new WeakMap<RatesRow, RateTable>();

/** The rates that a row holds; the same object each time for the same row. */
export function tableOf(row: RatesRow): RateTable {
  let table = tables.get(row);
  if (table === undefined) {
    const { base, as_of: asOf, source, currencies } = row;
    table = { base, asOf, source, currencies: readCurrenciesText(currencies) };
    tables.set(row, table);
  }
  return table;
}

/** The lookups of the rates that count. */
export const ratesReads = (book: KnownBook): readonly Lookup[] => [
  lookup('rates', { id: book.newestId('rates') }),
];

/** The rates that count: those that came into force last. */
export const ratesInForce = (book: Book): RatesRow => book.get('rates', { id: book.newestId('rates') });
