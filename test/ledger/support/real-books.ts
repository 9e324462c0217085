import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { type Database, openWriter } from '../../../db/connect.js';
import { dialectOf } from '../../../db/dialect.js';
import type { Rows, TableName } from '../../../db/rows.js';
import type { TableForm } from '../../../db/tables/table-form.js';
import { tables } from '../../../db/tables.js';
import { rules } from '../../../server/compose/rules.js';
import { type LedgerParts, openLedger } from '../../../server/ledger/commit/group-commit.js';
import type { Ledger } from '../../../server/ledger/ledger.js';
import { builtInRates } from '../../../server/money/rate-table.js';
import { engine } from '../../support/engine.js';
import { placeNewBooks } from '../../support/first-start.js';
import { type Tables, tableNames } from './tables.js';

type Parts = Partial<
  Pick<
    LedgerParts,
    'rules' | 'askTime' | 'machineMicros' | 'chain' | 'meter' | 'onCommitted' | 'onMistake' | 'onBroken'
  >
>;

/** A ledger over a database of its own: the real one, in a file that goes when the test ends. */
export interface RealBooks {
  readonly ledger: Ledger;
  readonly writer: Database;
  rows<Name extends TableName>(table: Name): Promise<readonly Rows[Name][]>;
  tables(): Promise<Tables>;
  setStatus(userId: number, status: 'active' | 'frozen'): Promise<void>;
  /** Another ledger on the same database, as after a restart, or beside the first with a chain of its own. */
  reopen(parts?: Parts): Promise<Ledger>;
}

/** A time that moves on by a microsecond whenever it is asked for. */
export function steppingTime(fromMicros = 1_795_370_400_000_000): () => number {
  let micros = fromMicros;
  return () => {
    micros += 1;
    return micros;
  };
}

/** Such a time as the ledger asks for it, with the number of times that it has asked. */
export interface CountedTime {
  asked: number;
  askTime(): Promise<number>;
}

export function countedTime(): CountedTime {
  const time = steppingTime();
  const counted = {
    asked: 0,
    askTime: async () => {
      counted.asked += 1;
      return time();
    },
  };
  return counted;
}

/** The rows of a table as the ledger has them, in the order of their keys. */
export async function rowsOf<Name extends TableName>(
  database: Database,
  table: Name,
): Promise<readonly Rows[Name][]> {
  const { columns, bytes, primaryKey } = tables[table] as TableForm<Rows[Name]>;
  const { hex } = dialectOf(database);
  const list = columns.map((column) =>
    bytes.includes(column) ? `${hex(`"${column}"`)} as "${column}"` : `"${column}"`,
  );
  const order =
    table === 'entries' ? 'payment_id, line' : primaryKey.map((column) => `"${column}"`).join(', ');
  const text = `select ${list.join(', ')} from "${table}" order by ${order}`;
  return (await database.raw(text)) as readonly Rows[Name][];
}

/** An empty database of the test's own: in a folder, or one of PostgreSQL where that is under test. */
export async function makeDatabaseFile(t: ExecutionContext): Promise<string> {
  if (engine === 'PostgreSQL') {
    // Loaded where it is needed: it brings all that migrates a database.
    const { makePostgresDatabase } = await import('../../support/postgres.js');
    return makePostgresDatabase();
  }
  const folder = await mkdtemp(join(tmpdir(), 'pay-ledger-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return placeNewBooks(folder);
}

export async function openRealBooks(t: ExecutionContext, parts: Parts = {}): Promise<RealBooks> {
  const writer = openWriter(await makeDatabaseFile(t));
  t.teardown(() => writer.destroy());
  const open = (changed: Parts) => {
    const time = steppingTime();
    return openLedger({
      writer,
      rules,
      askTime: async () => time(),
      machineMicros: time,
      rates: builtInRates,
      chain: 1,
      // A ledger that breaks refuses whatever it is asked, which a test sees where it asks; to throw here would hang it.
      onBroken: () => {},
      ...parts,
      ...changed,
    });
  };
  const rows = <Name extends TableName>(table: Name) => rowsOf(writer, table);
  const ledger = await open({});
  t.teardown(() => ledger.settled());
  return {
    ledger,
    writer,
    rows,
    async tables() {
      const all = await Promise.all(tableNames.map(async (name) => [name, await rows(name)]));
      return Object.fromEntries(all) as Tables;
    },
    async setStatus(userId, status) {
      // As another writer does, so that the ledger sees that the books have moved.
      await writer('users').where({ id: userId }).update({ status });
      await writer('chain_heads').where({ name: 'commits' }).increment('position');
    },
    reopen: open,
  };
}

/** Resolves as soon as the next batch is on its way into the database. */
export const nextWriting = (writer: Database) =>
  new Promise<void>((resolve) => {
    writer.on('query', ({ sql }: { readonly sql: string }) => {
      if (/^(?:insert into|select write_)/.test(sql)) {
        resolve();
      }
    });
  });

export interface HeldLock {
  release(): Promise<void>;
  destroy(): Promise<void>;
}

/** The write lock of the same file, held by a connection of somebody else. */
export async function holdWriteLock(writer: Database): Promise<HeldLock> {
  const [main] = await writer.raw('PRAGMA database_list');
  const other = openWriter(String(main.file));
  await other.raw('BEGIN IMMEDIATE');
  return {
    release: async () => void (await other.raw('ROLLBACK')),
    destroy: () => other.destroy(),
  };
}
