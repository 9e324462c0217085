import assert from 'node:assert/strict';
import { type Load, type LoadResult, runLoad } from './load/load.js';
import { median, medianRatio } from './load/statistics.js';
import type { Program } from './program.js';
import type { Setting } from './setting.js';
import { cpuMicros, untilIdle } from './usage.js';

/** A load of a program. */
export interface Subject extends Omit<Load, 'seconds' | 'url'> {
  readonly program: Program;
}

export interface Turn extends LoadResult {
  /** Of the server, for one request that was answered with success. */
  readonly cpuMicrosEach: number;
}

/** One run of the load. Throws where anything was refused or lost. */
export async function measureTurn(
  { tools }: Setting,
  { program, ...load }: Subject,
  seconds: number,
): Promise<Turn> {
  const before = cpuMicros(program.pid);
  const result = await runLoad(tools, { ...load, url: program.url, seconds });
  assert.equal(result.failed, 0, `${result.failed} requests of ${load.path} were refused or lost`);
  const cpuMicrosEach = (cpuMicros(program.pid) - before) / result.succeeded;
  return { ...result, cpuMicrosEach };
}

/** Runs the loads in turns, after one to warm up, and every other round in reverse, so that a drift favours none. */
export async function takeTurns<Name extends string>(
  setting: Setting,
  subjects: Readonly<Record<Name, Subject>>,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number } = setting.sizes,
): Promise<Readonly<Record<Name, readonly Turn[]>>> {
  const names = Object.keys(subjects) as Name[];
  const turns = Object.fromEntries(names.map((name) => [name, [] as Turn[]])) as Record<Name, Turn[]>;
  const runOf = async (name: Name, ofSeconds: number) => {
    const turn = await measureTurn(setting, subjects[name], ofSeconds);
    await untilIdle(subjects[name].program.pid);
    return turn;
  };
  for (const name of names) {
    await runOf(name, 1);
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const turn = await runOf(name, seconds);
      turns[name].push(turn);
      setting.tell(`  round ${round + 1} of ${rounds}, ${name}: ${describeTurn(turn)}`);
    }
  }
  return turns;
}

/** The least of a core that a bare server uses when it is as fast as it can be. */
const fullShare = 0.75;

/**
 * Whether a bare server was faster than what was asked of it: by a generator that is slower than itself, or on a machine that
 * did something else. What is compared with its rate then looks better than it is. Where CPU cannot be measured, it may be so.
 */
export function isHeldBack(turns: readonly Turn[]): boolean {
  const shares = turns.map(({ perSecond, cpuMicrosEach }) => (perSecond * cpuMicrosEach) / 1_000_000);
  return !(median(shares) >= fullShare);
}

export const heldBackNote =
  'the bare server was held back, by the generator or by what else runs here: ratios to it are better than the truth';

/** The ratio of the rate of the one to that of the other. */
export const rateRatio = (turns: readonly Turn[], references: readonly Turn[]) =>
  medianRatio(
    turns.map(({ perSecond }) => perSecond),
    references.map(({ perSecond }) => perSecond),
  );

/** The ratio of the time in the middle of the one to that of the other. */
export const p50Ratio = (turns: readonly Turn[], references: readonly Turn[]) =>
  medianRatio(
    turns.map(({ p50Micros }) => p50Micros),
    references.map(({ p50Micros }) => p50Micros),
  );

export function medianTurn(turns: readonly Turn[]): Turn {
  const of = (figure: (turn: Turn) => number) => median(turns.map(figure));
  return {
    succeeded: turns.reduce((sum, turn) => sum + turn.succeeded, 0),
    failed: 0,
    perSecond: of((turn) => turn.perSecond),
    cpuMicrosEach: of((turn) => turn.cpuMicrosEach),
    p50Micros: of((turn) => turn.p50Micros),
    p99Micros: of((turn) => turn.p99Micros),
  };
}

const milliseconds = (micros: number) => `${(micros / 1000).toFixed(2)} ms`;

export function describeTurn({ perSecond, cpuMicrosEach, p50Micros, p99Micros }: Turn): string {
  const rate = Math.round(perSecond).toLocaleString('en');
  return `${rate}/s, ${cpuMicrosEach.toFixed(0)} µs of CPU each, p50 ${milliseconds(p50Micros)}, p99 ${milliseconds(p99Micros)}`;
}
