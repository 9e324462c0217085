import type { LedgerBook } from './ledger-book.js';

/** The book as a rule sees it that says what it reads: of what was not loaded, rows may be there all the same. */
export type KnownBook = Pick<LedgerBook, 'peek' | 'peekAll' | 'isLoaded' | 'all' | 'newestId'>;

/**
 * The book as a rule decides over it, before all was loaded that it reads, too: to look at what was not throws, and is never
 * taken for what is not there.
 */
export type Book = Omit<LedgerBook, 'peek' | 'peekAll' | 'isLoaded' | 'paidSums'>;
