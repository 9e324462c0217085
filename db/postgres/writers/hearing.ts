import type { Database } from '../../connect.js';
import { isHeardByAll } from './writers.js';

/** What is kept in mind of callers is no older than this where it is trusted: whoever has not heard of a change by then hangs, and will look anew. */
export const oldestKeptMs = 5_000;
const shortestPauseMs = 5;
const longestPauseMs = 100;

const pause = (pauseMs: number) => new Promise((resolve) => setTimeout(resolve, pauseMs));

/** Resolves when no other server trusts what it kept in mind of callers before this commit of the writer of a chain. */
export async function waitUntilHeard(database: Database, chain: number, commits: number): Promise<void> {
  const deadlineMs = performance.now() + oldestKeptMs;
  for (let pauseMs = shortestPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    // Without an answer of the database nobody knows, and the time passes.
    const isHeard = await isHeardByAll(database, chain, commits).catch(() => false);
    if (isHeard || performance.now() > deadlineMs) {
      return;
    }
    await pause(pauseMs);
  }
}
