import { readdirSync, readlinkSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { basename } from 'node:path';

const leastPriority = 19;

function lower(id: number, steps: number): void {
  try {
    setPriority(id, Math.min(leastPriority, getPriority(id) + steps));
  } catch {
    // A thread has ended meanwhile, or the system has no such priorities: then it stays where it is.
  }
}

/** The threads of this process, where the system has a priority for each: on Linux; elsewhere the process as a whole. */
function threads(): readonly number[] {
  try {
    return readdirSync('/proc/self/task').map(Number);
  } catch {
    return [process.pid];
  }
}

/** Puts this thread behind the others of the process, where the system can do so to one thread: on Linux. */
export function stepThreadBack(steps: number): void {
  try {
    lower(Number(basename(readlinkSync('/proc/thread-self'))), steps);
  } catch {
    // Elsewhere it stays where it is.
  }
}

/** Puts this process behind others, with the threads that it will have: each begins with the priority of its maker. */
export function stepProcessBack(steps: number): void {
  for (const id of threads()) {
    lower(id, steps);
  }
}
