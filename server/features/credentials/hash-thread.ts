import assert from 'node:assert';
import { Worker } from 'node:worker_threads';
import type { Options } from '@node-rs/argon2';

/** A password that is to be hashed or, where there is a stored hash, held against that. */
export interface HashTask {
  readonly password: string;
  readonly stored?: string;
}

export type FromHashThread = { readonly result: string | boolean } | { readonly failed: string };

/** The data that the thread is started with. */
export interface HashThreadData {
  readonly cost: Options;
  /** How far its priority is below that of the rest of the process, as `nice` counts. */
  readonly stepsBack: number;
}

/** Gives the hash, or whether the password fits; one task at a time. Rejects where the thread failed. */
export type HashThread = (task: HashTask) => Promise<string | boolean>;

/** The memory of the thread for V8 alone; what Argon2 fills is not part of it. */
const resourceLimits = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 2 };

/**
 * A thread that hashes passwords, started when the first is to be hashed, and again after one that has ended. It is not one of
 * those that the database works on, and steps back where they have to do. It keeps the process from ending only while it works.
 */
export function makeHashThread(data: HashThreadData): HashThread {
  let worker: Worker | undefined;
  let end: ((outcome: FromHashThread) => void) | undefined;

  function start(): Worker {
    const started = new Worker(new URL('./hash-thread-entry.js', import.meta.url), {
      workerData: data,
      resourceLimits,
    });
    started.on('message', (outcome: FromHashThread) => end?.(outcome));
    started.on('error', ({ message }) => end?.({ failed: message }));
    started.on('exit', (status) => {
      worker = undefined;
      end?.({ failed: `the thread that hashes passwords ended with status ${status}` });
    });
    return started;
  }

  return async (task) => {
    assert(end === undefined, 'The thread has one task at a time.');
    worker ??= start();
    const used = worker;
    used.ref();
    const outcome = await new Promise<FromHashThread>((resolve) => {
      end = resolve;
      used.postMessage(task);
    });
    end = undefined;
    used.unref();
    if ('failed' in outcome) {
      throw new Error(outcome.failed);
    }
    return outcome.result;
  };
}
