import type { Database } from '../../connect.js';
import { dropEndedWriters, isHeardByAll, noteHeard } from './writers.js';

/** How often it is looked whether others have ended without a word. */
const lookMs = 5_000;
/** Whoever has not heard of this server by then hangs, and keeps in mind of its callers nothing that is younger. */
const hearMs = 15_000;
const pauseMs = 50;

/** A server's place among those that write the same books. */
export interface Place {
  readonly chain: number;
  /** Says that all writers up to this number are known here, and that nothing is trusted that they may have changed. */
  noteHeard(newest: number): void;
  /** Resolves when all others know of this one; gives whether that was in time. */
  waitUntilHeard(): Promise<boolean>;
  stop(): void;
}

/** Keeps the place whose lock this connection holds. */
export function keepPlace(database: Database, chain: number): Place {
  // What cannot be said or seen now is at the next turn.
  const attempt = (act: Promise<unknown>) => void act.catch(() => {});
  const timer = setInterval(() => attempt(dropEndedWriters(database)), lookMs);
  timer.unref();
  return {
    chain,
    noteHeard: (newest) => attempt(noteHeard(database, chain, newest)),
    async waitUntilHeard() {
      const deadlineMs = performance.now() + hearMs;
      while (!(await isHeardByAll(database, chain))) {
        if (performance.now() > deadlineMs) {
          return false;
        }
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
      return true;
    },
    stop: () => clearInterval(timer),
  };
}
