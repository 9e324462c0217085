import { readdirSync, readlinkSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { basename } from 'node:path';

const leastPriority = 19;

function lower(id: number, steps: number): void {
  setPriority(id, Math.min(leastPriority, getPriority(id) + steps));
}

/** Puts this thread behind the others of the process, where the system can do so to one thread: on Linux. */
export function stepThreadBack(steps: number): void {
  try {
    lower(Number(basename(readlinkSync('/proc/thread-self'))), steps);
  } catch {
    // Elsewhere it stays where it is.
  }
}

/** Puts this process behind others: on Linux each of its threads has a priority of its own, and those to come have that of their maker. */
export function stepProcessBack(steps: number): void {
  try {
    for (const id of readdirSync('/proc/self/task')) {
      lower(Number(id), steps);
    }
  } catch {
    // It is not Linux, or a thread has ended meanwhile.
    try {
      lower(process.pid, steps);
    } catch {
      // Then it stays where it is, which harms nobody who is alone.
    }
  }
}
