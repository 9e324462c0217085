import { parentPort, workerData } from 'node:worker_threads';
import { startTimeService } from './service.js';
import type { ThreadReport } from './thread.js';

// This file is the program of a thread: startTimeThread starts it, nobody imports it.
if (parentPort === null) {
  throw new Error('this runs as a thread only');
}
const parent = parentPort;
const report = (is: ThreadReport) => parent.postMessage(is);
try {
  const service = await startTimeService(workerData);
  report({ is: 'listening', host: service.host, port: service.port });
} catch (error) {
  const { message, code } = error as NodeJS.ErrnoException;
  report({ is: 'refused', message, code });
}
