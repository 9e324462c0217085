import type { Database, Transaction } from '../../db/connect.js';
import { hasBatchLog, type OtherWriters, readBatchLog } from '../../db/postgres/writers/batch-log.js';
import type { PaymentRow } from '../../db/rows.js';
import type { Book, TableChanges } from './book.js';

/** The books as a ledger knows them. */
export interface Books {
  readonly book: Book;
  /** How many batches all writers have committed. */
  commits: number;
  /** The time of the newest payment of any writer. */
  newestMicros: number;
}

interface FollowingParts {
  readonly chain: number;
  readonly onFollowed?: (changes: readonly TableChanges[]) => void;
}

const newestTime = (changes: readonly TableChanges[]): number => {
  const payments = changes.find(({ table }) => table === 'payments')?.inserted as PaymentRow[] | undefined;
  return payments?.at(-1)?.created_at ?? 0;
};

/**
 * Takes into the books what other writers have written since. Gives false where the log does not have all of it: then the
 * books have to be read anew. The caller is between two batches, and all of its own is durable.
 */
export async function followLog(
  database: Database | Transaction,
  { chain, onFollowed }: FollowingParts,
  books: Books,
  noteOthers: (others: OtherWriters) => void,
): Promise<boolean> {
  if (!hasBatchLog(database)) {
    return true;
  }
  const { batches, others } = await readBatchLog(database, chain, books.commits);
  noteOthers(others);
  for (const changes of batches ?? []) {
    books.book.follow(changes);
    books.commits += 1;
    books.newestMicros = Math.max(books.newestMicros, newestTime(changes));
    onFollowed?.(changes);
  }
  return batches !== undefined;
}
