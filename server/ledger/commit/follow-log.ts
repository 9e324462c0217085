import type { LoggedBatches } from '../../../db/postgres/writers/batch-log.js';
import type { PaymentRow } from '../../../db/tables/payments.js';
import type { LedgerBook } from '../book/ledger-book.js';
import type { TableChanges } from '../book/table-changes.js';

/** The books as a ledger knows them. */
export interface Books {
  readonly book: LedgerBook;
  /** The number of batches that all writers have committed. */
  commits: number;
  /** The time of the newest payment of any writer. */
  newestMicros: number;
}

/** The time of the newest payment among these; 0 where there is none. */
const newestTime = (changes: readonly TableChanges[]): number => {
  const payments = changes.find(({ table }) => table === 'payments')?.inserted as PaymentRow[] | undefined;
  return payments?.at(-1)?.created_at ?? 0;
};

/** Takes into the books when the newest payment of these was. What moves no money binds no payment by its time, as after a start. */
export function noteNewestTime(books: Books, changes: readonly TableChanges[]): void {
  books.newestMicros = Math.max(books.newestMicros, newestTime(changes));
}

/**
 * Takes into the books what other writers have written since. Gives false where the log does not have all of it: then the
 * books have to be read anew. The caller is between two batches, and all of its own is durable.
 */
export function takeInLog(
  { batches }: LoggedBatches,
  onFollowed: ((changes: readonly TableChanges[], commits: number) => void) | undefined,
  books: Books,
): boolean {
  for (const changes of batches ?? []) {
    books.book.follow(changes);
    books.commits += 1;
    noteNewestTime(books, changes);
    onFollowed?.(changes, books.commits);
  }
  return batches !== undefined;
}
