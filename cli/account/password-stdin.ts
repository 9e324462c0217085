import { addAbortSignal } from 'node:stream';
import type { Runtime } from '../context.js';
import { Failure } from '../failure/failure.js';
import { readBounded } from '../files/read-bounded.js';
import { unreadable } from '../files/unreadable.js';

/** Far more than all passwords that are asked for at once. */
const mostBytes = 64 * 1024;

/** The lines of a stdin that holds passwords, one a line; the line break at the end is not part of the last. */
export async function passwordLines(
  { stdin, signal }: Pick<Runtime, 'stdin' | 'signal'>,
  count: number,
): Promise<string[]> {
  if (stdin.isTTY) {
    throw new Failure(
      'usage',
      '--password-stdin reads a pipe or a file, and here a terminal would show the password.',
      {
        next: ['Leave the flag out to be asked without showing it.'],
      },
    );
  }
  const bytes = await readBounded(addAbortSignal(signal, stdin), mostBytes).catch((error: unknown) => {
    throw signal.aborted
      ? new Failure('interrupted', 'Interrupted. Nothing happened.')
      : unreadable('--password-stdin: stdin', error);
  });
  const lines = bytes.toString('utf8').split(/\r?\n/).slice(0, count);
  if (lines.length < count || lines.some((line) => line === '')) {
    const what = count === 1 ? 'the password' : `${count} passwords, one a line`;
    throw new Failure('usage', `--password-stdin: stdin does not hold ${what}.`);
  }
  return lines;
}
