import { Worker } from 'node:worker_threads';
import type { BooksJson } from './wire.js';

/** The message that the thread sends once, at its end. */
export type FromCheckThread = { readonly books: BooksJson } | { readonly failed: string };

export interface CheckUnderWay {
  /** Rejects, with the reason, where the books could not be read or the check was called off. */
  readonly books: Promise<BooksJson>;
  /** Calls the check off; resolves when its thread has ended. */
  cancel(): Promise<void>;
}

/** Starts a check of a database in a thread of its own, so that neither HTTP nor the ledger wait for it. */
export function startCheck(file: string): CheckUnderWay {
  const thread = new Worker(new URL('./check-thread.js', import.meta.url), { workerData: file });
  const ended = new Promise<void>((resolve) => {
    thread.once('exit', () => resolve());
  });
  const books = new Promise<BooksJson>((resolve, reject) => {
    thread.once('message', (message: FromCheckThread) => {
      if ('books' in message) {
        resolve(message.books);
      } else {
        reject(new Error(message.failed));
      }
    });
    thread.once('error', reject);
    thread.once('exit', (status) => reject(new Error(`the check's thread ended with status ${status}`)));
  });
  return {
    books,
    async cancel() {
      thread.postMessage('cancel');
      await ended;
    },
  };
}
