import type { Runtime } from '../context.js';
import { makeScreen } from '../terminal/screen.js';

type Ends = Pick<Runtime, 'signal' | 'takeInterrupts'>;

/** The signal is aborted by the first request to end; a second one ends the process at once, as if nobody listened. */
function endsOf(process: NodeJS.Process): Ends {
  const controller = new AbortController();
  // Whoever took interrupts last has them: a pager, within a shell.
  const takers: (() => void)[] = [];
  const abort = () => controller.abort();
  const interrupt = () => {
    const taker = takers.at(-1) ?? abort;
    if (taker !== abort) {
      process.once('SIGINT', interrupt);
    }
    taker();
  };
  process.once('SIGINT', interrupt);
  for (const name of ['SIGTERM', 'SIGHUP'] as const) {
    process.once(name, abort);
  }
  // Nothing is left to wait for, and the command is not over.
  process.once('beforeExit', abort);
  return {
    signal: controller.signal,
    takeInterrupts(onInterrupt) {
      takers.push(onInterrupt);
      return () => void takers.splice(takers.lastIndexOf(onInterrupt), 1);
    },
  };
}

/** The runtime of the real process. */
export function runtimeOf(process: NodeJS.Process, calledAs: string): Runtime {
  return {
    environment: process.env,
    calledAs,
    stdin: process.stdin,
    stdout: makeScreen(process.stdout, process.env),
    stderr: makeScreen(process.stderr, process.env),
    now: () => new Date(),
    ...endsOf(process),
  };
}
