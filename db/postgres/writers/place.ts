import type { Database } from '../../connect.js';
import { makeRoomInLog } from './batch-log.js';
import { oldestKeptMs } from './hearing.js';
import type { KeptLock } from './keep-lock.js';
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
  /** How often the place was taken; undefined while it is lost: then nobody may wait for this server, and nothing that it kept in mind counts. */
  readonly taken: number | undefined;
  /** Says that nothing is trusted here that was kept in mind of callers before so many commits. */
  noteHeard(commits: number): void;
  stop(): void;
}

/** Keeps the place of this chain, whose lock is held by the connection of this pool. */
export function keepPlace(database: Database, chain: number, lock: Pick<KeptLock, 'taken'>): Place {
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
    get taken() {
      return lock.taken;
    },
    noteHeard(commits) {
      // While the place is lost, another server may have it, for which this one must not speak.
      if (lock.taken !== undefined) {
        attempt(noteHeard(database, chain, commits));
      }
    },
    stop: () => clearInterval(timer),
  };
}
