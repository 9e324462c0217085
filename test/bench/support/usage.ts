import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as after } from 'node:timers/promises';

// A running process, all of its threads, as the kernel counts it; where there is no /proc, the figures are NaN.

const ticksPerSecond = existsSync('/proc') ? Number(execFileSync('getconf', ['CLK_TCK'])) : Number.NaN;

function read(pid: number, file: string): string {
  return existsSync('/proc') ? readFileSync(`/proc/${pid}/${file}`, 'utf8') : '';
}

/** Microseconds of CPU that it has used, in user and system mode; known to about ten milliseconds. */
export function cpuMicros(pid: number): number {
  // The name of the program, in brackets, may hold spaces; utime and stime are the 12th and 13th field after it.
  const fields = read(pid, 'stat').split(') ').at(-1)?.split(' ') ?? [];
  return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1_000_000;
}

/** Megabytes of it that are in memory now. */
export function residentMegabytes(pid: number): number {
  const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(read(pid, 'status')) ?? [];
  return (Number(kibibytes) * 1024) / 1_000_000;
}

const sampleMs = 100;
const mostSamples = 100;

/** Waits until a process has nothing left to do: what a load that has ended left under way would burden the next. */
export async function untilIdle(pid: number): Promise<void> {
  for (let samples = 0; samples < mostSamples; samples += 1) {
    const before = cpuMicros(pid);
    await after(sampleMs);
    const isBusy = cpuMicros(pid) - before > (sampleMs * 1000) / 5;
    if (!isBusy) {
      return;
    }
  }
}
