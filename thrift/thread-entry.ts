import { parentPort, workerData } from 'node:worker_threads';
import { startTimeService } from './service.js';
import type { ThreadReport } from './thread.js';

// This file is the program of a thread: startTimeThread starts it, nobody imports it.
if (parentPort === null) {
  throw new Error('this runs as a thread only');
}
const parent = parentPort;
const report = (is: ThreadReport) => parent.postMessage(is);
void startTimeService(workerData).then(
  ({ host, port }) => report({ is: 'listening', host, port }),
  ({ message, code }: NodeJS.ErrnoException) => report({ is: 'refused', message, code }),
);
