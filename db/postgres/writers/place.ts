import type { Database } from '../../connect.js';
import { makeRoomInLog } from './batch-log.js';
import { oldestKeptMs } from './hearing.js';
import { dropSilentWriters, findSilentWriters, noteHeard } from './writers.js';

/** How often it is looked for others that have ended without a word. */
const lookMs = 2_000;
/**
 * How long a writer is silent before its place is another's: it may only be cut off, and answer from what it kept in mind of callers, which
 * it trusts for less than this.
 */
const silentForMs = oldestKeptMs + lookMs;

/** A server's place among those that write the same books. */
export interface Place {
  readonly chain: number;
  /** Says that nothing is trusted here that was kept in mind of callers before so many commits. */
  noteHeard(commits: number): void;
  stop(): void;
}

/** Keeps the place whose lock this connection holds. */
export function keepPlace(database: Database, chain: number): Place {
  // What cannot be said or seen now is at the next turn.
  const attempt = (act: Promise<unknown>) => void act.catch(() => {});
  /** Since when the writers are silent that are. */
  let silentSince: ReadonlyMap<number, number> = new Map();

  async function look(): Promise<void> {
    const nowMs = performance.now();
    const silent = await findSilentWriters(database);
    silentSince = new Map(silent.map((chain) => [chain, silentSince.get(chain) ?? nowMs]));
    const gone = silent.filter((chain) => nowMs - (silentSince.get(chain) ?? nowMs) >= silentForMs);
    if (gone.length > 0) {
      await dropSilentWriters(database, gone);
    }
    await makeRoomInLog(database);
  }

  const timer = setInterval(() => attempt(look()), lookMs);
  timer.unref();
  return {
    chain,
    noteHeard: (commits) => attempt(noteHeard(database, chain, commits)),
    stop: () => clearInterval(timer),
  };
}
