import type { RatesRow } from '../../../db/tables/payments.js';
import { type NumberedTable, numberedTables } from '../../../db/tables.js';
import type { BookState } from '../../../server/ledger/book/book-state.js';
import { emptyHeads } from '../../../server/ledger/chain.js';
import { builtInRates, currenciesText } from '../../../server/money/rate-table.js';

/** The rates that books begin with. */
export const firstRates: RatesRow = {
  id: 1,
  as_of: builtInRates.asOf,
  source: builtInRates.source,
  base: builtInRates.base,
  currencies: currenciesText(builtInRates.currencies),
  created_at: 0,
};

/** Where the books stand before anything has happened; a test may change some of it. */
export function emptyBookState(changes: Partial<BookState> = {}): BookState {
  const newest = Object.fromEntries(numberedTables.map((table) => [table, 0])) as Record<
    NumberedTable,
    number
  >;
  // Books have rates from the first: see `firstRates`.
  newest.rates = 1;
  return { heads: emptyHeads(1), commits: 0, newest, newestMicros: 0, whole: [], ...changes };
}
