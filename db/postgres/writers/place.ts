import type { Database } from '../../connect.js';
import { makeRoomInLog } from './batch-log.js';
import { dropSilentWriters, findSilentWriters, noteHeard } from './writers.js';

/** How often it is looked for others that have ended without a word. Who has lost a lock has it back much sooner. */
const lookMs = 2_000;

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
  let silent: readonly number[] = [];

  async function look(): Promise<void> {
    if (silent.length > 0) {
      await dropSilentWriters(database, silent);
    }
    silent = await findSilentWriters(database);
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
