import assert from 'node:assert/strict';
import { execa } from 'execa';
import type { BooksJson } from '../../../server/features/books/wire.js';
import { payServer, plainEnvironment } from './program.js';

const withinMs = 30 * 60 * 1000;

/** Runs `pay-server check` on a data folder, beside a server or without one. Throws where something is wrong. */
export async function checkBooks(folder: string): Promise<{ books: BooksJson; seconds: number }> {
  const startedMs = performance.now();
  const { stdout } = await execa(process.execPath, [payServer, 'check', '--data', folder, '--json'], {
    env: plainEnvironment(),
    extendEnv: false,
    stdin: 'ignore',
    timeout: withinMs,
  });
  const books = JSON.parse(stdout) as BooksJson;
  assert(books.balanced, books.problems.join('\n'));
  return { books, seconds: (performance.now() - startedMs) / 1000 };
}
