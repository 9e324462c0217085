import { type NumberedTable, numberedTables } from '../../../db/tables.js';
import type { Standing } from '../../../server/ledger/book.js';
import { emptyHeads } from '../../../server/ledger/chain.js';

/** Where the books stand before anything has happened; a test may change some of it. */
export function emptyStanding(changes: Partial<Standing> = {}): Standing {
  const newest = Object.fromEntries(numberedTables.map((table) => [table, 0])) as Record<
    NumberedTable,
    number
  >;
  return { heads: emptyHeads(1), commits: 0, newest, newestMicros: 0, whole: [], ...changes };
}
