import { delimiter, dirname, isAbsolute, relative } from 'node:path';
import type { Surroundings } from './context.js';
import { makeScreen } from './terminal/screen.js';
import { shellQuote } from './terminal/shell-quote.js';

type Ends = Pick<Surroundings, 'signal' | 'takeInterrupts'>;

/** The signal is aborted by the first wish to end; a second one ends the process at once, as if nobody listened. */
function endsOf(process: NodeJS.Process): Ends {
  const controller = new AbortController();
  const abort = () => controller.abort();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, abort);
  }
  // Nothing is left to wait for and the command is not over.
  process.once('beforeExit', abort);
  return {
    signal: controller.signal,
    takeInterrupts(onInterrupt) {
      process.off('SIGINT', abort);
      process.on('SIGINT', onInterrupt);
      return () => {
        process.off('SIGINT', onInterrupt);
        process.once('SIGINT', abort);
      };
    },
  };
}

/** The folder that the process is in; the root where it is gone meanwhile. */
function workingFolder(process: NodeJS.Process): string {
  try {
    return process.cwd();
  } catch {
    return '/';
  }
}

/** `pay` where the PATH leads to it, else the way to it from here. */
export function calledName(
  program: string | undefined,
  { path = '', folder, isWindows }: { path?: string | undefined; folder: string; isWindows: boolean },
): string {
  if (program === undefined || isWindows || path.split(delimiter).includes(dirname(program))) {
    return 'pay';
  }
  const way = relative(folder, program);
  const shortest = way.startsWith('..') || isAbsolute(way) ? program : way;
  return shellQuote(shortest.includes('/') ? shortest : `./${shortest}`);
}

/** What the real process gives to a command. */
export function surroundingsOf(process: NodeJS.Process): Surroundings {
  return {
    environment: process.env,
    calledAs: calledName(process.argv[1], {
      path: process.env.PATH,
      folder: workingFolder(process),
      isWindows: process.platform === 'win32',
    }),
    stdin: process.stdin,
    stdout: makeScreen(process.stdout, process.env),
    stderr: makeScreen(process.stderr, process.env),
    now: () => new Date(),
    ...endsOf(process),
  };
}
