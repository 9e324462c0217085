import assert from 'node:assert';
import { Worker } from 'node:worker_threads';
import { type ErrorCode, Refusal, type RefusalDetails } from '../../errors.js';
import type { Gate } from '../../http/serve/bounded-gate.js';
import { type Currency, knownCurrencies } from '../../money/currency.js';
import { networkOf } from '../../network.js';

/** The body of a payout that is to be read, and the currencies that count for it. */
export interface ReadTask {
  readonly bytes: Uint8Array;
  readonly currencies: readonly Currency[];
}

export type FromReadThread =
  | { readonly body: unknown }
  | {
      readonly refused: {
        readonly code: ErrorCode;
        readonly detail: string;
        readonly details: RefusalDetails;
      };
    }
  | { readonly failed: string };

/**
 * Gives the body of a payout with the shape that the contract says; one at a time, and callers take turns. Throws what reading and
 * validating it here would.
 */
export type ReadPayout = (bytes: Buffer, caller: string, address: string) => Promise<unknown>;

/** The limits of the thread's memory: a body has a mebibyte at most; what is made of it takes some times as much. */
const resourceLimits = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16 };

/**
 * A thread that reads the bodies of payouts, which are so long that to parse and judge one takes longer than others should wait.
 * It is started when the first comes, and again after one that has ended; it keeps the process from ending only while it works.
 */
export function makeReadThread(gate: Gate): ReadPayout {
  let worker: Worker | undefined;
  let end: ((outcome: FromReadThread) => void) | undefined;

  function start(): Worker {
    const started = new Worker(new URL('./read-thread-entry.js', import.meta.url), { resourceLimits });
    started.on('message', (outcome: FromReadThread) => end?.(outcome));
    started.on('error', ({ message }) => end?.({ failed: message }));
    started.on('exit', (status) => {
      worker = undefined;
      end?.({ failed: `the thread that reads payouts ended with status ${status}` });
    });
    return started;
  }

  async function read(bytes: Buffer): Promise<unknown> {
    assert(end === undefined, 'The thread has one task at a time.');
    worker ??= start();
    const used = worker;
    used.ref();
    const outcome = await new Promise<FromReadThread>((resolve) => {
      end = resolve;
      used.postMessage({ bytes, currencies: knownCurrencies() } satisfies ReadTask);
    });
    end = undefined;
    used.unref();
    if ('failed' in outcome) {
      throw new Error(outcome.failed);
    }
    if ('refused' in outcome) {
      const { code, detail, details } = outcome.refused;
      throw new Refusal(code, detail, details);
    }
    return outcome.body;
  }

  return (bytes, caller, address) => gate(caller, () => read(bytes), networkOf(address));
}
