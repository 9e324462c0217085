import { parentPort, workerData } from 'node:worker_threads';
import { checkDatabaseFile } from './check-database.js';
import type { FromCheckThread } from './start-check.js';

// This file is the program of a thread: startCheck starts it, nobody imports it.
if (parentPort === null) {
  throw new Error('this runs as a thread only');
}
const parent = parentPort;
const controller = new AbortController();
parent.once('message', () => controller.abort());
const report = (message: FromCheckThread) => parent.postMessage(message);
// The server's other threads need what is left of the machine.
const options = { signal: controller.signal, isAlone: false, isInUseHere: true };
void checkDatabaseFile(String(workerData), options)
  .then(
    (books) => report({ books }),
    (error: unknown) => report({ failed: error instanceof Error ? error.message : String(error) }),
  )
  // The database is closed by now: a thread that ends while one is open would abort the process.
  .finally(() => parent.close());
