import { createHash } from 'node:crypto';
import { DatabaseProblem } from '../../files/database-problem.js';
import { storageProblem } from '../../open/inspect.js';
import { type Readable, readInOrder } from '../../open/read-in-order.js';
import { isPostgres, shownPlace } from '../../postgres/place.js';
import type { TableName } from '../../rows.js';
import { tableNames, tables } from '../../tables.js';
import { openPostgresTarget } from './postgres-target.js';
import { openMoveSource } from './source.js';
import { openSqliteTarget } from './sqlite-target.js';
import type { MovedRow, MoveTarget } from './target.js';

export interface MoveOptions {
  /** The books to move: a file, or a database of PostgreSQL by its URL. */
  readonly from: string;
  readonly to: string;
  /** The option of the command that names the target. */
  readonly toOption: string;
  /** Ends the move: it rejects with the reason of the signal, and nothing was moved. */
  readonly signal: AbortSignal;
  /** Told now and then how far it is, from 0 to 1. */
  readonly onProgress: (fraction: number) => void;
}

export interface MovedBooks {
  readonly payments: number;
  /** The hash of the newest payment; undefined where there are none. */
  readonly newestHash: string | undefined;
}

/** The contents of a table, so that two are equal exactly when all their rows are. */
interface Contents {
  readonly rows: number;
  readonly digest: string;
  readonly last: MovedRow | undefined;
}

/** The tables' rows in the order of their keys. */
const rowsOf = (database: Readable, table: TableName) =>
  readInOrder<MovedRow>(database, { table, key: tables[table].primaryKey });

async function countRows({ raw }: Readable): Promise<number> {
  const counts = tableNames.map((table) => `(select count(*) from "${table}")`);
  const [found] = await raw<{ rows: number }>(`select ${counts.join(' + ')} as rows`);
  return found?.rows ?? 0;
}

/** Notes the rows that pass by. */
class Passing {
  readonly #hash = createHash('sha256');
  #rows = 0;
  #last: MovedRow | undefined;

  async *of(pages: AsyncIterable<readonly MovedRow[]>, onPage: (rows: number) => void) {
    for await (const page of pages) {
      this.#hash.update(JSON.stringify(page));
      this.#rows += page.length;
      this.#last = page.at(-1);
      onPage(page.length);
      yield page;
    }
  }

  get contents(): Contents {
    return { rows: this.#rows, digest: this.#hash.digest('hex'), last: this.#last };
  }
}

async function contentsOf(
  database: Readable,
  table: TableName,
  onPage: (rows: number) => void,
): Promise<Contents> {
  const passing = new Passing();
  for await (const _ of passing.of(rowsOf(database, table), onPage)) {
    // All that is wanted of a page was noted as it passed.
  }
  return passing.contents;
}

async function moveInto(
  source: Readable,
  target: MoveTarget,
  { signal, onProgress }: MoveOptions,
): Promise<MovedBooks> {
  // Each row is read, written, and read again.
  const total = 2 * (await countRows(source));
  let seen = 0;
  const onPage = (rows: number) => {
    signal.throwIfAborted();
    seen += rows;
    onProgress(seen / total);
  };
  const moved = new Map<TableName, Contents>();
  for (const table of tableNames) {
    const passing = new Passing();
    await target.put(table, passing.of(rowsOf(source, table), onPage));
    moved.set(table, passing.contents);
  }
  await target.complete();
  for (const [table, { rows, digest }] of moved) {
    const there = await contentsOf(target.view, table, onPage);
    if (there.rows !== rows || there.digest !== digest) {
      throw new DatabaseProblem(
        `What arrived of ${table} in ${target.place} is not what was sent (${there.rows} rows of ${rows}). Nothing was moved.`,
      );
    }
  }
  signal.throwIfAborted();
  await target.keep();
  const payments = moved.get('payments');
  return { payments: payments?.rows ?? 0, newestHash: payments?.last?.hash as string | undefined };
}

/**
 * Brings the books from one database to another, of either engine, and verifies that every row arrived as it was. Killed
 * half-way, or refused, it leaves the target without books. The source stays as it is. Throws DatabaseProblem.
 */
export async function moveBooks(options: MoveOptions): Promise<MovedBooks> {
  const { from, to, toOption } = options;
  if (from === to) {
    throw new DatabaseProblem(
      `${shownPlace(to)} is where the books are. Name another place to move them to. Nothing was changed.`,
    );
  }
  try {
    const source = await openMoveSource(from);
    try {
      const target = await (isPostgres(to) ? openPostgresTarget(to) : openSqliteTarget(to, toOption));
      try {
        return await moveInto(source.snapshot, target, options);
      } finally {
        await target.close();
      }
    } finally {
      await source.close();
    }
  } catch (error) {
    throw storageProblem(to, error);
  }
}
