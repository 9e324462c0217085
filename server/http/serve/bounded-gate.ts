import { Refusal } from '../../errors.js';

export interface GateBounds {
  /** How many run at a time. */
  readonly concurrency: number;
  /** How many wait for their turn; whoever comes beyond that is refused. */
  readonly maxWaiting: number;
  /** What whoever is refused is told, how to try again included. */
  readonly tooMany: string;
}

/** Runs a task when its turn comes. Throws Refusal OVERLOADED at once where too many wait already. */
export type Gate = <Result>(task: () => Promise<Result>) => Promise<Result>;

/** A gate that lets few tasks through at a time, in the order in which they came. */
export function makeGate({ concurrency, maxWaiting, tooMany }: GateBounds): Gate {
  const waiting: (() => void)[] = [];
  let running = 0;

  async function enter(): Promise<void> {
    if (running < concurrency) {
      running += 1;
      return;
    }
    if (waiting.length >= maxWaiting) {
      throw new Refusal('OVERLOADED', tooMany, { retryAfterSeconds: 2, tellsOutcome: true });
    }
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
    });
  }

  function leave(): void {
    // The place is handed over, not given back, so that nobody who comes just now overtakes those who wait.
    const next = waiting.shift();
    if (next === undefined) {
      running -= 1;
    } else {
      next();
    }
  }

  return async (task) => {
    await enter();
    try {
      return await task();
    } finally {
      leave();
    }
  };
}
