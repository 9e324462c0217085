import { setTimeout as after, setImmediate as turn } from 'node:timers/promises';
import { type BusyTime, makeBusyTime } from '../../busy-time.js';

/**
 * The turns of the event loop that a stream leaves to others between two pages. What another asks for takes three of them: one
 * in which it comes, one in which it is sent on, and one in which it is answered. Where nobody asks for anything they take no time.
 */
const turnsForOthers = 4;

/**
 * The most of this thread that is in use while something is streamed, as far as the stream can help it. What the thread does others do
 * with it, the ledger and the database, so that more of it in use would be more than two processors have.
 */
const mostUsed = 0.2;

/** Turns that took less than this had nothing to do: the stream is alone. */
const idleTurnsMs = 0.2;

/** The clocks that the pace of a stream is kept by. */
export interface StreamClocks {
  /** The time of this thread since it was last asked. */
  readonly since: () => BusyTime;
  readonly now: () => number;
  readonly turn: () => Promise<unknown>;
  readonly rest: (ms: number) => Promise<unknown>;
}

const realClocks = (): StreamClocks => ({
  since: makeBusyTime(),
  now: () => performance.now(),
  turn: () => turn(),
  rest: (ms) => after(ms),
});

/**
 * Paces a stream of pages: between two of them others come first, and where there are others, the stream rests until this thread
 * was in use for no more than a part of the time. A stream that is alone is as fast as it can be.
 */
export function makeStreamPace(clocks: StreamClocks = realClocks()): () => Promise<void> {
  const { since, now, turn: nextTurn, rest } = clocks;
  let owedMs = 0;
  return async () => {
    const beganMs = now();
    for (let taken = 0; taken < turnsForOthers; taken += 1) {
      await nextTurn();
    }
    const isAlone = now() - beganMs < idleTurnsMs;
    const { spanMs, busyMs } = since();
    owedMs = isAlone ? 0 : Math.max(0, owedMs + busyMs / mostUsed - spanMs);
    // A timer keeps no time shorter than that.
    if (owedMs >= 1) {
      await rest(owedMs);
      owedMs = 0;
      since();
    }
  };
}
