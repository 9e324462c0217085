import { addAbortSignal } from 'node:stream';
import { text as wholeText } from 'node:stream/consumers';
import type { Runtime } from '../context.js';
import { Failure } from '../failure/failure.js';

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
  const text = await wholeText(addAbortSignal(signal, stdin)).catch((error: unknown) => {
    throw signal.aborted ? new Failure('interrupted', 'Interrupted. Nothing happened.') : error;
  });
  const lines = text.split(/\r?\n/).slice(0, count);
  if (lines.length < count || lines.some((line) => line === '')) {
    const what = count === 1 ? 'the password' : `${count} passwords, one a line`;
    throw new Failure('usage', `--password-stdin: stdin does not hold ${what}.`);
  }
  return lines;
}
