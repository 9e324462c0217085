import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ExecutionContext } from 'ava';

export interface Child {
  readonly process: ChildProcess;
  /** The next line that it writes to stdout. Throws when it ends without one. */
  line(): Promise<string>;
  /** What it wrote to stderr so far. */
  stderr(): string;
  /** Its exit status, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

export interface ChildOptions {
  readonly uid?: number;
  readonly env?: NodeJS.ProcessEnv;
}

/** A process that is gone at the end of the test, whatever happens to the test. */
export function startChild(
  t: ExecutionContext,
  command: string,
  args: readonly string[],
  { uid, env }: ChildOptions = {},
): Child {
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(uid !== undefined && { uid, gid: uid }),
    ...(env && { env: { ...process.env, ...env } }),
  });
  const ended = once(child, 'close').then(([status, signal]) => status ?? signal);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  t.teardown(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    process: child,
    ended,
    stderr: () => stderr,
    async line() {
      const { done, value } = await lines.next();
      if (done) {
        throw new Error(`${command} ${args.join(' ')} ended without a word: ${stderr}`);
      }
      return value;
    },
  };
}

/** One of the programs beside this file, by its name. */
export function startProgram(
  t: ExecutionContext,
  name: string,
  args: readonly string[],
  options?: ChildOptions,
): Child {
  return startChild(t, process.execPath, [join(import.meta.dirname, `${name}.js`), ...args], options);
}

export const payServer = join(import.meta.dirname, '../../../../bin/pay-server');
