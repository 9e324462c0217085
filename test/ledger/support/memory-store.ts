import type { TableName } from '../../../db/rows.js';
import type { LimitRow } from '../../../db/tables/users.js';
import { tables } from '../../../db/tables.js';
import type { Lookup, Sum } from '../../../server/ledger/book/lookup.js';
import type { TableChanges } from '../../../server/ledger/book/table-changes.js';
import { emptyHeads } from '../../../server/ledger/chain.js';
import { systemAccounts } from '../../../server/ledger/system-accounts.js';
import { firstRates } from './empty-book-state.js';
import { type Tables, tableNames } from './tables.js';

type Row = Readonly<Record<string, string | number | null>>;

/** Plays the database for the pure rules: rows in arrays, and the constraints that make rows unique. */
export interface MemoryStore {
  readonly tables: Tables;
  select(lookup: Lookup): readonly object[];
  /** Writes what a batch decided. Throws where the database would refuse it. */
  apply(changes: readonly TableChanges[]): void;
  /** What an administrator does to a user. */
  setStatus(userId: number, status: 'active' | 'frozen'): void;
  /** What an administrator lets a user, or all who hold a currency, pay. */
  setLimit(row: LimitRow): void;
}

interface MemoryTable {
  readonly rows: readonly Row[];
  insert(row: Row): void;
  update(row: Row): void;
  /** Throws where another row has what only this one may have. */
  assertUnique(row: Row): void;
}

/** Columns by which no two rows may be alike; that positions of the chain are, the audit sees. */
const uniqueColumns: Partial<Record<TableName, readonly string[]>> = {
  users: ['username_key'],
  accounts: ['user_id'],
  sessions: ['token_hash'],
  tokens: ['token_hash'],
};

const matches = (row: Row, where: Row) => Object.keys(where).every((column) => row[column] === where[column]);

function sumOf(rows: readonly Row[], column: string, sinceColumn: string): Sum {
  const values = (name: string) => rows.map((row) => Number(row[name]));
  return {
    sum: values(column).reduce((total, value) => total + value, 0),
    first: rows.length === 0 ? null : Math.min(...values(sinceColumn)),
  };
}

const pick = (row: Row, columns: readonly string[]): Row =>
  Object.fromEntries(columns.map((column) => [column, row[column] ?? null]));

function makeMemoryTable(name: TableName): MemoryTable {
  const rows: Row[] = [];
  const places = new Map<string, number>();
  const keyOf = (row: Row) => JSON.stringify(pick(row, tables[name].primaryKey));

  function assertUnique(row: Row): void {
    for (const column of uniqueColumns[name] ?? []) {
      const value = row[column];
      if (value !== null && rows.some((other) => other[column] === value && keyOf(other) !== keyOf(row))) {
        throw new Error(`${name} has ${column} ${value} twice.`);
      }
    }
  }

  return {
    rows,
    assertUnique,
    insert(row) {
      const key = keyOf(row);
      if (places.has(key)) {
        throw new Error(`${name} has ${key} already.`);
      }
      places.set(key, rows.push(row) - 1);
    },
    update(row) {
      const place = places.get(keyOf(row));
      const before = place === undefined ? undefined : rows[place];
      if (place === undefined || !before) {
        throw new Error(`${name} has no ${keyOf(row)} to update.`);
      }
      rows[place] = { ...before, ...pick(row, tables[name].changeable) };
    },
  };
}

export function makeMemoryStore(currencies: readonly string[]): MemoryStore {
  const byName = new Map(tableNames.map((name) => [name as TableName, makeMemoryTable(name)]));
  const tableOf = (name: TableName): MemoryTable => {
    const table = byName.get(name);
    if (!table) {
      throw new Error(`There is no table ${name}.`);
    }
    return table;
  };
  for (const account of currencies.flatMap(systemAccounts)) {
    tableOf('accounts').insert(account as unknown as Row);
  }
  tableOf('rates').insert(firstRates as unknown as Row);
  for (const head of emptyHeads(1)) {
    tableOf('chain_heads').insert(head as unknown as Row);
  }
  return {
    tables: Object.fromEntries(tableNames.map((name) => [name, tableOf(name).rows])) as unknown as Tables,
    select({ table, where, sum }) {
      const since = sum?.since;
      const rows = tableOf(table).rows.filter(
        (row) => matches(row, where) && (!since || Number(row[since.column]) >= since.from),
      );
      return sum ? [sumOf(rows, sum.of, sum.since.column)] : rows;
    },
    apply(changes) {
      for (const { table, inserted, updated } of changes) {
        for (const row of inserted) {
          tableOf(table).insert(row as Row);
        }
        for (const row of updated) {
          tableOf(table).update(row as Row);
        }
        // Judged when all is written: an address that one decision frees, another of the batch may take.
        for (const row of [...inserted, ...updated]) {
          tableOf(table).assertUnique(row as Row);
        }
      }
    },
    setStatus(userId, status) {
      const user = tableOf('users').rows.find(({ id }) => id === userId);
      tableOf('users').update({ ...user, status });
    },
    setLimit(row) {
      const limits = tableOf('limits');
      const isThere = limits.rows.some(({ subject }) => subject === row.subject);
      if (isThere) {
        limits.update(row as unknown as Row);
      } else {
        limits.insert(row as unknown as Row);
      }
    },
  };
}
