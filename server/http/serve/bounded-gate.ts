import { Refusal } from '../../errors.js';
import { ofOneNetwork, type Share } from '../../rate-figures.js';
import { makeTally } from '../../tally.js';

export interface GateBounds {
  /** The tasks that run at a time. */
  readonly running: Share;
  /** The tasks that wait for their turn; whoever comes beyond that is refused. */
  readonly waiting: Share;
  /** The sentence for whoever is refused, how to try again included. */
  readonly tooMany: string;
}

/**
 * Runs a task of a caller when its turn comes. Throws at once RATE_LIMITED where too many of the caller wait already, or of the
 * network that the caller is one of, and OVERLOADED where too many of all do. No network where the caller is one.
 */
export type Gate = <Result>(
  caller: string | number,
  task: () => Promise<Result>,
  network?: string,
) => Promise<Result>;

/** The tasks that a caller has in hand. */
interface Line {
  running: number;
  readonly waiting: (() => void)[];
}

/**
 * A gate that lets few tasks through at a time. Callers take turns, however many tasks of one wait; those of one caller keep the
 * order in which they came.
 */
export function makeGate({ running, waiting, tooMany }: GateBounds): Gate {
  /** The lines of whoever has something in hand, those whose turn was longest ago first. */
  const lines = new Map<string | number, Line>();
  let runningInAll = 0;
  let waitingInAll = 0;
  const waitingByNetwork = makeTally();

  const mayRun = (line: Line) => runningInAll < running.inAll && line.running < running.ofOne;

  function begin(line: Line): void {
    line.running += 1;
    runningInAll += 1;
  }

  async function enter(line: Line, network: string | undefined): Promise<void> {
    // Nobody who could run waits, so that whoever comes overtakes nobody.
    if (mayRun(line)) {
      begin(line);
      return;
    }
    const details = { retryAfterSeconds: 2, tellsOutcome: true } as const;
    const ofNetwork = network === undefined ? 0 : waitingByNetwork.of(network);
    if (line.waiting.length >= waiting.ofOne || ofNetwork >= ofOneNetwork(waiting)) {
      throw new Refusal('RATE_LIMITED', tooMany, details);
    }
    if (waitingInAll >= waiting.inAll) {
      throw new Refusal('OVERLOADED', tooMany, details);
    }
    waitingInAll += 1;
    const leaveNetwork = network === undefined ? () => {} : waitingByNetwork.add(network);
    await new Promise<void>((resolve) => {
      line.waiting.push(resolve);
    });
    leaveNetwork();
  }

  /** Hands the place over to the next in turn. */
  function passOn(): void {
    for (const line of lines.values()) {
      const next = mayRun(line) ? line.waiting.shift() : undefined;
      if (next !== undefined) {
        waitingInAll -= 1;
        begin(line);
        next();
        return;
      }
    }
  }

  function lineOf(caller: string | number): Line {
    let line = lines.get(caller);
    if (line === undefined) {
      line = { running: 0, waiting: [] };
      lines.set(caller, line);
    }
    return line;
  }

  function dropIfIdle(caller: string | number, line: Line): void {
    if (line.running === 0 && line.waiting.length === 0) {
      lines.delete(caller);
    }
  }

  /** Gives the place back; the others' turns come before the next of this caller. */
  function leave(caller: string | number, line: Line): void {
    line.running -= 1;
    runningInAll -= 1;
    lines.delete(caller);
    lines.set(caller, line);
    passOn();
    dropIfIdle(caller, line);
  }

  return async (caller, task, network) => {
    const line = lineOf(caller);
    try {
      await enter(line, network);
    } catch (refusal) {
      dropIfIdle(caller, line);
      throw refusal;
    }
    try {
      return await task();
    } finally {
      leave(caller, line);
    }
  };
}
