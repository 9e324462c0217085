import type { Surroundings } from './context.js';
import { makeScreen } from './screen.js';

/** Aborted by the first signal to end; a second one ends the process at once, as if nobody listened. */
function endSignal(process: NodeJS.Process): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => controller.abort());
  }
  // Nothing is left to wait for and the command is not over: its question was closed with Ctrl-D.
  process.once('beforeExit', () => controller.abort());
  return controller.signal;
}

/** What the real process gives to a command. */
export function surroundingsOf(process: NodeJS.Process): Surroundings {
  return {
    environment: process.env,
    stdin: process.stdin,
    stdout: makeScreen(process.stdout, process.env),
    stderr: makeScreen(process.stderr, process.env),
    now: () => new Date(),
    signal: endSignal(process),
  };
}
