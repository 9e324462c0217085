import { parentPort, workerData } from 'node:worker_threads';
import { hashSync, verifySync } from '@node-rs/argon2';
import { stepThreadBack } from '../../step-back.js';
import type { FromHashThread, HashTask, HashThreadData } from './hash-thread.js';

// This file is the program of a thread: makeHashThread starts it, nobody imports it.

if (parentPort) {
  const port = parentPort;
  const { cost, stepsBack } = workerData as HashThreadData;
  const tell = (message: FromHashThread) => port.postMessage(message);
  // Elsewhere than on Linux it has to do that there is one such thread.
  stepThreadBack(stepsBack);
  port.on('message', ({ password, stored }: HashTask) => {
    try {
      tell({ result: stored === undefined ? hashSync(password, cost) : verifySync(stored, password) });
    } catch (error) {
      tell({ failed: error instanceof Error ? error.message : String(error) });
    }
  });
}
