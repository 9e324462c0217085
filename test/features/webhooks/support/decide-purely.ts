import type { Rows, TableName } from '../../../../db/rows.js';
import { numberedTables } from '../../../../db/tables.js';
import type { BookState } from '../../../../server/ledger/book/book-state.js';
import { LedgerBook } from '../../../../server/ledger/book/ledger-book.js';
import type { Lookup } from '../../../../server/ledger/book/lookup.js';
import type { Acceptance, Rule } from '../../../../server/ledger/rule.js';
import { emptyBookState } from '../../../ledger/support/empty-book-state.js';

export type SomeTables = { readonly [Table in TableName]?: readonly Rows[Table][] };

export interface Decided {
  readonly answer: Acceptance;
  /** What is to be written. */
  readonly inserted: SomeTables;
  readonly updated: SomeTables;
}

const caller = { userId: 1, isPerson: true, address: '127.0.0.1', requestId: 'req_test' };

function matching(tables: SomeTables, { table, where }: Lookup): readonly object[] {
  const rows: readonly object[] = tables[table] ?? [];
  return rows.filter((row) =>
    Object.entries(where).every(([column, value]) => (row as Record<string, unknown>)[column] === value),
  );
}

function newestOf(tables: SomeTables): BookState['newest'] {
  const newest = { ...emptyBookState().newest };
  for (const name of numberedTables) {
    newest[name] = Math.max(0, ...(tables[name] ?? []).map(({ id }) => id));
  }
  return newest;
}

/** The decision of a rule over these tables, of which it sees what it says it reads. Throws its refusals. */
export function decidePurely<Input>(
  rule: Rule<Input, undefined>,
  tables: SomeTables,
  input: NoInfer<Input>,
  now: number,
): Decided {
  const book = new LedgerBook(emptyBookState({ newest: newestOf(tables) }));
  const missing = () => rule.reads(book, input, caller, now).filter((read) => !book.isLoaded(read));
  for (let reads = missing(); reads.length > 0; reads = missing()) {
    for (const read of reads) {
      book.load([read], matching(tables, read));
    }
  }
  const moment = { now, machineNow: now };
  const answer = rule.decide(book, input, { caller, moment, facts: undefined, isDryRun: false });
  const changes = book.changes();
  return {
    answer,
    inserted: Object.fromEntries(changes.map(({ table, inserted }) => [table, inserted])),
    updated: Object.fromEntries(changes.map(({ table, updated }) => [table, updated])),
  };
}
