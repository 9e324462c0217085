import type { TableName } from '../../../../db/rows.js';
import { numberedTables } from '../../../../db/tables.js';
import { Refusal } from '../../../../server/errors.js';
import type { BookState } from '../../../../server/ledger/book/book-state.js';
import { LedgerBook } from '../../../../server/ledger/book/ledger-book.js';
import type { Lookup } from '../../../../server/ledger/book/lookup.js';
import type { TableChanges } from '../../../../server/ledger/book/table-changes.js';
import type { Rule } from '../../../../server/ledger/rule.js';
import { emptyBookState } from '../../../ledger/support/empty-book-state.js';

type Row = Readonly<Record<string, unknown>>;

/** The rows of some tables, in no order. */
export type Tables = Partial<Record<TableName, readonly object[]>>;

export interface Act<Input> {
  readonly input: Input;
  readonly address?: string;
  /** Microseconds; acts of one story come at different ones. */
  readonly now: number;
}

export interface Decided {
  readonly tables: Tables;
  readonly changes: readonly TableChanges[];
  /** The status of an acceptance, or the code of a refusal. */
  readonly outcome: number | string;
  /** How many rows were read, of which table. */
  readonly rowsRead: Partial<Record<TableName, number>>;
}

const matches = (row: Row, { where }: Lookup) =>
  Object.entries(where).every(([column, value]) => row[column] === value);

/** The rows after the changes. */
function after(tables: Tables, changes: readonly TableChanges[]): Tables {
  const next: Tables = { ...tables };
  for (const { table, inserted, updated } of changes) {
    const key = table === 'inboxes' ? 'user_id' : 'id';
    const isUpdated = (row: Row) => updated.some((changed) => (changed as Row)[key] === row[key]);
    const kept = (tables[table] ?? []).filter((row) => !isUpdated(row as Row));
    next[table] = [...kept, ...updated, ...inserted];
  }
  return next;
}

/** The newest numbers of what the tables hold. */
function bookStateOf(tables: Tables): BookState {
  const state = emptyBookState();
  const newest = { ...state.newest };
  for (const name of numberedTables) {
    const ids = (tables[name] ?? []).map((row) => (row as { readonly id: number }).id);
    newest[name] = Math.max(0, ...ids);
  }
  return { ...state, newest };
}

/** Decides by one rule over these rows, having read just what it says that it reads. */
export function decide<Input>(
  rule: Rule<Input, undefined>,
  tables: Tables,
  { input, address = '127.0.0.1', now }: Act<NoInfer<Input>>,
): Decided {
  const book = new LedgerBook(bookStateOf(tables));
  const caller = { userId: null, isPerson: true, address, requestId: 'test' };
  const rowsRead: Partial<Record<TableName, number>> = {};
  for (;;) {
    const missing = rule.reads(book, input, caller, now).filter((read) => !book.isLoaded(read));
    if (missing.length === 0) {
      break;
    }
    for (const read of missing) {
      const rows = (tables[read.table] ?? []).filter((row) => matches(row as Row, read));
      rowsRead[read.table] = (rowsRead[read.table] ?? 0) + rows.length;
      book.load([read], rows);
    }
  }
  const moment = { now, machineNow: now };
  try {
    const { status } = rule.decide(book, input, { caller, moment, facts: undefined, isDryRun: false });
    const changes = book.changes();
    return { tables: after(tables, changes), changes, outcome: status, rowsRead };
  } catch (error) {
    if (error instanceof Refusal) {
      return { tables, changes: [], outcome: error.code, rowsRead };
    }
    throw error;
  }
}
