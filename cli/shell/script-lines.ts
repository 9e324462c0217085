import type { Readable } from 'node:stream';
import { Failure } from '../failure/failure.js';

/** The most characters of a command in a script, over all its lines. */
export const mostCommandLength = 64 * 1024;

/** The failure of a command, begun on this line, that goes on for longer than any is. */
export const tooLong = (line: number) =>
  new Failure('usage', `line ${line}: It is longer than ${mostCommandLength} characters.`, {
    figures: { line },
  });

/**
 * The lines of a script, each as soon as it is there whole; what does not end has no line to be kept for.
 * @throws Failure (usage) at a line that is longer than any command
 */
export async function* scriptLines(stdin: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let number = 0;
  let begun = '';
  for await (const chunk of stdin as AsyncIterable<Buffer>) {
    const lines = (begun + decoder.decode(chunk, { stream: true })).split(/\r?\n/);
    begun = lines.pop() ?? '';
    for (const line of lines) {
      number += 1;
      yield line;
    }
    if (begun.length > mostCommandLength) {
      throw tooLong(number + 1);
    }
  }
  const last = begun + decoder.decode();
  if (last !== '') {
    yield last;
  }
}
