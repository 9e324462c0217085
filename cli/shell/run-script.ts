import { addAbortSignal, Readable } from 'node:stream';
import { Failure } from '../failure/failure.js';
import { tellFailure } from '../terminal/tell-failure.js';
import { meetThrough } from './greet.js';
import type { Shell } from './make-shell.js';
import { runWords } from './run-words.js';
import { mostCommandLength, scriptLines, tooLong } from './script-lines.js';
import { splitLine } from './split-line.js';

interface Numbered {
  readonly words: readonly string[];
  /** The line of the script that the command begins on, from 1. */
  readonly line: number;
}

function atLine({ kind, message, details }: Failure, line: number): Failure {
  return new Failure(kind, `line ${line}: ${message}`, {
    ...details,
    figures: { ...details.figures, line },
  });
}

const interrupted = () =>
  new Failure('interrupted', 'Interrupted. What came after in the script was not run.');

function unclosed(line: number, open: string): Failure {
  const what = open === '\\' ? 'ends in a backslash' : `opens a quote (${open}) that is never closed`;
  return new Failure('usage', `line ${line}: It ${what}.`, { figures: { line } });
}

/** The commands of a script, each as soon as its last line is there. @throws Failure (usage) where the last is not whole */
async function* commandsOf(lines: AsyncIterable<string>): AsyncGenerator<Numbered> {
  let number = 0;
  let begun: { readonly text: string; readonly line: number } | undefined;
  for await (const line of lines) {
    number += 1;
    const text = begun ? `${begun.text}\n${line}` : line;
    const first = begun?.line ?? number;
    if (text.length > mostCommandLength) {
      throw tooLong(first);
    }
    const { words, open } = splitLine(text);
    if (open) {
      begun = { text, line: first };
    } else {
      begun = undefined;
      if (words.length > 0) {
        yield { words: words.map((word) => word.text), line: first };
      }
    }
  }
  const open = begun && splitLine(begun.text).open;
  if (begun && open) {
    throw unclosed(begun.line, open);
  }
}

/**
 * Runs a script from stdin, a command a line, until one fails; with `keepsGoing` to its end.
 * @throws Failure: the first one, with its line; where the others were run all the same, one that sums up, of the same kind
 */
export async function runScript(
  { runner, open }: Pick<Shell, 'runner' | 'open'>,
  isJson: boolean,
  keepsGoing: boolean,
): Promise<void> {
  const { runtime } = runner;
  const { stdin, signal } = runtime;
  if (runner.flags.fingerprint !== undefined) {
    await meetThrough(await open());
  }
  // The input of the shell is the script, and its commands have none.
  const inside = { ...runner, runtime: { ...runtime, stdin: Readable.from([]) } };
  const lines = scriptLines(addAbortSignal(signal, stdin));
  const failures: { readonly kind: Failure['kind']; readonly line: number }[] = [];
  let count = 0;
  try {
    for await (const { words, line } of commandsOf(lines)) {
      const { failure, isLeaving } = await runWords(inside, words, signal);
      count += 1;
      if (failure) {
        const told = atLine(failure, line);
        if (!keepsGoing || signal.aborted) {
          throw told;
        }
        failures.push({ kind: failure.kind, line });
        await tellFailure(told, runtime, isJson);
      }
      if (isLeaving) {
        break;
      }
    }
  } catch (error) {
    throw signal.aborted && !(error instanceof Failure) ? interrupted() : error;
  } finally {
    stdin.destroy();
  }
  if (signal.aborted) {
    throw interrupted();
  }
  const [first] = failures;
  if (first) {
    throw new Failure(
      first.kind,
      `${failures.length} of ${count} commands failed, the first on line ${first.line}.`,
      {
        figures: { failed: failures.length, commands: count, line: first.line },
      },
    );
  }
}
