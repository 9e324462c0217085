import { checkDatabaseFile } from '../../features/books/check-database.js';
import type { BooksJson } from '../../features/books/wire.js';
import type { LogStream } from '../process/logger.js';
import { CommandProblem } from './command-problem.js';
import { makeProgress } from './progress.js';

export interface VerifyParts {
  readonly stderr: LogStream;
  readonly signal: AbortSignal;
  /** The advice where the books are wrong. */
  readonly advice: string;
}

/** Checks the books in a copy that is about to be relied on. Throws CommandProblem where they are wrong. */
export async function verifyBooks(copy: string, { stderr, signal, advice }: VerifyParts): Promise<BooksJson> {
  const progress = makeProgress({ stream: stderr, what: 'checking the copy' });
  const books = await checkDatabaseFile(copy, { onProgress: progress.tell, signal }).finally(progress.end);
  const [first] = books.problems;
  if (first !== undefined) {
    const more = books.problemCount > 1 ? `, and ${books.problemCount - 1} more` : '';
    throw new CommandProblem(1, `The books are wrong: ${first}${more}. ${advice}`);
  }
  return books;
}
