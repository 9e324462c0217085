import type { Knex } from 'knex';
import { booksHaveMoved } from './batch-view.js';
import type { Database, Transaction } from './connect.js';
import type { Opening } from './postgres/postgres-client.js';
import { postgresFault } from './postgres/postgres-error.js';

/**
 * Why a transaction did not happen:
 * - `busy`: somebody else held the write lock for longer than the busy timeout; nothing was written;
 * - `full`: the disk is full; nothing was written;
 * - `constraint`: the database refused a row or a statement; nothing was written;
 * - `moved`: another writer has committed since the batch was decided; nothing was written;
 * - `conflict`: PostgreSQL has undone it for the sake of others and wants it tried again, which was done, in vain;
 * - `lost`: PostgreSQL cannot be reached, or the connection to it broke; it goes on with the next one;
 * - `broken`: reading, writing or syncing failed. When `isOutcomeUnknown`, what was written may or may not be there
 *   after a restart, and only a restart tells.
 *
 * Of what is lost or broken while it commits, nobody knows whether it is there: then `isOutcomeUnknown`.
 */
export type StorageFault = 'busy' | 'full' | 'constraint' | 'moved' | 'conflict' | 'lost' | 'broken';

/** A transaction that did not happen, or of which nobody knows whether it did, and why. */
export class StorageFailure extends Error {
  override readonly name = 'StorageFailure';
  readonly fault: StorageFault;
  readonly isOutcomeUnknown: boolean;

  constructor(fault: StorageFault, isOutcomeUnknown: boolean, cause: Error) {
    super(cause.message, { cause });
    this.fault = fault;
    this.isOutcomeUnknown = isOutcomeUnknown;
  }
}

const faults: Readonly<Record<string, StorageFault>> = {
  SQLITE_BUSY: 'busy',
  SQLITE_LOCKED: 'busy',
  SQLITE_FULL: 'full',
  SQLITE_CONSTRAINT: 'constraint',
  SQLITE_MISMATCH: 'constraint',
  // A statement that SQLite cannot run is a mistake of ours, and costs the decision that needs it, no more.
  SQLITE_ERROR: 'constraint',
  SQLITE_RANGE: 'constraint',
  SQLITE_TOOBIG: 'constraint',
};

const isFromSqlite = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && String((error as NodeJS.ErrnoException).code).startsWith('SQLITE_');

interface Found {
  readonly fault: StorageFault;
  /** Whether what was to be written may be there, where it happened while that was written. */
  readonly leavesOpen: boolean;
  readonly error: Error;
}

/** What an error of the database means; undefined for any other. */
function faultOf(error: unknown): Found | undefined {
  if (isFromSqlite(error)) {
    const fault = error.message.includes(booksHaveMoved) ? 'moved' : (faults[String(error.code)] ?? 'broken');
    return { fault, leavesOpen: fault === 'broken', error };
  }
  const found = postgresFault(error);
  return found && { ...found, leavesOpen: ['broken', 'lost'].includes(found.fault) && found.error.wasSent };
}

/** How often what conflicts with others is tried: once more for each of several that come at the same moment. */
const mostTries = 8;

/** Does an act again where PostgreSQL has undone it because of others, after a moment in which they get on. */
async function whileInConflict<Result>(act: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof StorageFailure) || error.fault !== 'conflict' || tries >= mostTries) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * tries));
    }
  }
}

const hasNoTransaction = (error: unknown): boolean =>
  error instanceof Error && error.message.includes('no transaction is active');

/** A connection whose COMMIT failed is still inside its transaction, unless SQLite has rolled back by itself. */
async function leaveTransaction(writer: Database): Promise<void> {
  try {
    await writer.raw('ROLLBACK');
  } catch (error) {
    if (!hasNoTransaction(error)) {
      throw new StorageFailure('broken', true, error as Error);
    }
  }
}

/** knex hands what it is given to the dialect, which knows what to do with it. */
const configOf = (opening: Opening | undefined): Knex.TransactionConfig | undefined =>
  opening && ({ opening, doNotRejectOnRollback: true } as Knex.TransactionConfig);

async function transactOnce<Result>(
  writer: Database,
  work: (trx: Transaction) => Promise<Result>,
  opening?: Opening,
): Promise<Result> {
  let isCommitting = false;
  // After some errors SQLite rolls back by itself; the failure of the second rollback must not hide the first error.
  let failedWork: { readonly error: unknown } | undefined;
  try {
    return await writer.transaction(async (trx) => {
      try {
        const result = await work(trx);
        isCommitting = true;
        return result;
      } catch (error) {
        failedWork = { error };
        throw error;
      }
    }, configOf(opening));
  } catch (thrown) {
    const error = failedWork ? failedWork.error : thrown;
    const found = faultOf(error);
    if (found === undefined) {
      throw error;
    }
    if (isCommitting && !found.leavesOpen) {
      await leaveTransaction(writer);
    }
    throw new StorageFailure(found.fault, isCommitting && found.leavesOpen, found.error);
  }
}

/**
 * Runs `work` in one transaction on the writer that has the books for itself, and gives its result once it is synced to disk.
 * What `work` itself throws passes through after a rollback; on PostgreSQL it may be run again, where others came between, and
 * what is to be read by `opening` is read with the beginning.
 * Throws StorageFailure for what the database reports.
 */
export const transact = <Result>(
  writer: Database,
  work: (trx: Transaction) => Promise<Result>,
  opening?: Opening,
): Promise<Result> => whileInConflict(() => transactOnce(writer, work, opening));

/**
 * Runs one statement that is a transaction of its own, and returns once it is synced to disk. Throws StorageFailure:
 * where reading, writing or syncing failed, whether it is there is unknown.
 */
export const writeAlone = (writer: Database, sql: string, values: readonly unknown[]): Promise<void> =>
  whileInConflict(async () => {
    try {
      await writer.raw(sql, values as (string | number | null)[]);
    } catch (error) {
      throw storageFailure(error, true);
    }
  });

/**
 * Sends the last statement of a transaction, and gives the promise of its answer: the commit goes along without waiting for that, and
 * undoes the transaction where the statement fails.
 */
export async function sendLast(
  trx: Transaction,
  sql: string,
  values: readonly unknown[],
): Promise<{ readonly answered: Promise<unknown> }> {
  const { client } = trx;
  const answered: Promise<unknown> = client.query(await client.acquireConnection(), {
    sql,
    bindings: [...values],
    method: 'raw',
  });
  // Whoever waits for the answer does so when the commit has been answered.
  answered.catch(() => {});
  return { answered };
}

/** What an error of the database means for a transaction; any other error as it is. */
export function storageFailure(error: unknown, mayBeWritten = false): unknown {
  const found = faultOf(error);
  return found === undefined
    ? error
    : new StorageFailure(found.fault, mayBeWritten && found.leavesOpen, found.error);
}
