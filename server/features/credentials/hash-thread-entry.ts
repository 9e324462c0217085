import { readlinkSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { basename } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { hashSync, verifySync } from '@node-rs/argon2';
import type { FromHashThread, HashTask, HashThreadData } from './hash-thread.js';

// This file is the program of a thread: makeHashThread starts it, nobody imports it.

const leastPriority = 19;

/** Puts this thread behind the others of the process, where the system can do so to one thread: on Linux. */
function stepBack(steps: number): void {
  try {
    const ownId = Number(basename(readlinkSync('/proc/thread-self')));
    setPriority(ownId, Math.min(leastPriority, getPriority(ownId) + steps));
  } catch {
    // Elsewhere it has to do that there is one such thread.
  }
}

if (parentPort) {
  const port = parentPort;
  const { cost, stepsBack } = workerData as HashThreadData;
  const tell = (message: FromHashThread) => port.postMessage(message);
  stepBack(stepsBack);
  port.on('message', ({ password, stored }: HashTask) => {
    try {
      tell({ result: stored === undefined ? hashSync(password, cost) : verifySync(stored, password) });
    } catch (error) {
      tell({ failed: error instanceof Error ? error.message : String(error) });
    }
  });
}
