import { Worker } from 'node:worker_threads';
import { Refusal } from '../../errors.js';
import { makeGate } from '../../http/serve/bounded-gate.js';
import type { ShareTable } from '../../rate-figures.js';

export interface EstimateTask {
  readonly password: string;
}

export type FromEstimateThread = { readonly guesses: number } | { readonly failed: string };

/**
 * Gives about how many guesses a password takes; callers, by the names that they are counted under, take turns. Throws Refusal
 * RATE_LIMITED or OVERLOADED where too many wait, or where it takes too long.
 */
export type EstimateGuesses = (password: string, caller: string) => Promise<number>;

const tooMany = 'Too many new passwords are being judged right now. Try again in a few seconds.';

/** The limits of the thread's memory: dictionaries and their indexes take a third of it. */
const resourceLimits = { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 16 };

/**
 * The time that an estimate may take: the dictionaries take a quarter of a second to read; what takes longer than this was
 * made to take long.
 */
const usualDeadlineMs = 10_000;

/**
 * A thread that estimates how soon passwords are guessed, one at a time, so that nobody's choice of a password holds up others; it
 * is ended where one takes too long. It is started when the first is judged, and keeps the process from ending only while it works.
 */
export function makeEstimateThread(
  { passwords, passwordsWaiting }: Pick<ShareTable, 'passwords' | 'passwordsWaiting'>,
  deadlineMs: number = usualDeadlineMs,
): EstimateGuesses {
  const gate = makeGate({ running: passwords, waiting: passwordsWaiting, tooMany });
  let worker: Worker | undefined;

  function start(): Worker {
    const started = new Worker(new URL('./estimate-thread-entry.js', import.meta.url), { resourceLimits });
    started.once('exit', () => {
      worker = worker === started ? undefined : worker;
    });
    return started;
  }

  function estimate(password: string): Promise<number> {
    worker ??= start();
    const used = worker;
    used.ref();
    return new Promise<number>((resolve, reject) => {
      const deadline = setTimeout(() => {
        // Whoever comes next must not be given to a thread that is about to end.
        worker = undefined;
        void used.terminate();
        end();
        reject(new Refusal('OVERLOADED', tooMany, { retryAfterSeconds: 5, tellsOutcome: true }));
      }, deadlineMs);
      const onMessage = (outcome: FromEstimateThread) => {
        end();
        if ('failed' in outcome) {
          reject(new Error(outcome.failed));
        } else {
          resolve(outcome.guesses);
        }
      };
      const onError = (error: Error) => {
        end();
        reject(error);
      };
      const onExit = () => onError(new Error('the thread that judges passwords has ended'));
      function end(): void {
        clearTimeout(deadline);
        used.off('message', onMessage).off('error', onError).off('exit', onExit).unref();
      }
      used.on('message', onMessage).on('error', onError).on('exit', onExit);
      used.postMessage({ password } satisfies EstimateTask);
    });
  }

  return (password, caller) => gate(caller, () => estimate(password));
}
