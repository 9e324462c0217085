import { Worker } from 'node:worker_threads';

export interface TimeThread {
  host: string;
  port: number;
  /** Ends the service and its thread. */
  close(): Promise<void>;
  /** Resolves, with the reason, if the thread ends without having been closed. Never rejects. */
  failed: Promise<Error>;
}

/** The report of the thread on itself. */
export type ThreadReport =
  | { is: 'listening'; host: string; port: number }
  | { is: 'refused'; message: string; code: string | undefined };

/** The limits of the thread's memory: what it answers is a number, and of a connection it keeps a few bytes. */
const resourceLimits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 3 };

/**
 * Starts the timestamp service in a thread of its own, so that no work of this thread delays its answers; resolves when
 * it listens. Rejects with the system's error (its `code` says EADDRINUSE, EACCES, …) where it cannot.
 */
export async function startTimeThread(options: { host: string; port: number }): Promise<TimeThread> {
  const worker = new Worker(new URL('./thread-entry.js', import.meta.url), {
    workerData: options,
    resourceLimits,
  });
  const ended = endOf(worker);
  const report = await Promise.race([firstReport(worker), ended]);
  if (report instanceof Error) {
    throw report;
  }
  if (report.is === 'refused') {
    await ended;
    throw Object.assign(new Error(report.message), { code: report.code });
  }
  let isClosing = false;
  return {
    host: report.host,
    port: report.port,
    failed: new Promise((resolve) => {
      void ended.then((reason) => {
        if (!isClosing) {
          resolve(reason);
        }
      });
    }),
    async close() {
      isClosing = true;
      // The service keeps nothing that would have to be brought to an end.
      await worker.terminate();
    },
  };
}

function firstReport(worker: Worker): Promise<ThreadReport> {
  return new Promise((resolve) => {
    worker.once('message', resolve);
  });
}

function endOf(worker: Worker): Promise<Error> {
  return new Promise((resolve) => {
    let cause: unknown;
    worker.once('error', (error) => {
      cause = error;
    });
    worker.once('exit', (status) => {
      resolve(new Error(`the thread of the timestamp service ended with status ${status}`, { cause }));
    });
  });
}
