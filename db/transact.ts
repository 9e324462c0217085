import { booksHaveMoved } from './batch-view.js';
import type { Database, Transaction } from './connect.js';

/**
 * Why a transaction did not happen:
 * - `busy`: somebody else held the write lock for longer than the busy timeout; nothing was written;
 * - `full`: the disk is full; nothing was written;
 * - `constraint`: the database refused a row or a statement; nothing was written;
 * - `moved`: another writer has committed since the batch was decided; nothing was written;
 * - `broken`: reading, writing or syncing failed. When `isOutcomeUnknown`, what was written may or may not be there
 *   after a restart, and only a restart tells.
 */
export type StorageFault = 'busy' | 'full' | 'constraint' | 'moved' | 'broken';

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

const faultOf = (error: NodeJS.ErrnoException): StorageFault =>
  error.message.includes(booksHaveMoved) ? 'moved' : (faults[String(error.code)] ?? 'broken');

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

/**
 * Runs `work` in one immediate transaction on the writer and gives its result once it is synced to disk. What `work`
 * itself throws passes through after a rollback. Throws StorageFailure for what the database reports.
 */
export async function transact<Result>(
  writer: Database,
  work: (trx: Transaction) => Promise<Result>,
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
    });
  } catch (thrown) {
    const error = failedWork ? failedWork.error : thrown;
    if (!isFromSqlite(error)) {
      throw error;
    }
    const fault = faultOf(error);
    if (isCommitting && fault !== 'broken') {
      await leaveTransaction(writer);
    }
    throw new StorageFailure(fault, isCommitting && fault === 'broken', error);
  }
}

/**
 * Runs one statement that is a transaction of its own, and returns once it is synced to disk. Throws StorageFailure:
 * where reading, writing or syncing failed, whether it is there is unknown.
 */
export async function writeAlone(writer: Database, sql: string, values: readonly unknown[]): Promise<void> {
  try {
    await writer.raw(sql, values as (string | number | null)[]);
  } catch (error) {
    throw storageFailure(error, true);
  }
}

/** What an error of SQLite means for a transaction; any other error as it is. */
export function storageFailure(error: unknown, mayBeWritten = false): unknown {
  if (!isFromSqlite(error)) {
    return error;
  }
  const fault = faultOf(error);
  return new StorageFailure(fault, mayBeWritten && fault === 'broken', error);
}
