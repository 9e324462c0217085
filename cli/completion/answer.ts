import { setTimeout as wait } from 'node:timers/promises';
import type { CommandLine, Runtime } from '../context.js';
import { asItStands, shown } from '../terminal/text/shown.js';
import { visible } from '../terminal/text/visible.js';
import { candidatesFor, isFileName } from './candidates.js';
import type { Candidate, LiveValues } from './live-values.js';
import { typedWords } from './typed-words.js';
import { valuesInTime } from './values-in-time.js';

// Whoever presses Tab has an answer within a tenth of a second, counted from the start of the process; some of it is its end.
const answerByMs = 80;

// A value that every shell takes for nothing but itself. One of others' that is not so has to be typed by hand.
const plain = /^[A-Za-z0-9@_/.][A-Za-z0-9@_/.:,+-]*$/;

// The directive "no files" of the scripts of @bomb.sh/tab, which have it from cobra (ShellCompDirective).
const noFiles = 4;
const keepOrder = 32;

function plainOnly(values: LiveValues): LiveValues {
  return async (kind) => (await values(kind)).filter(({ value }) => plain.test(value));
}

/**
 * A candidate as a line for the shell. Behind a flag and a sign of equality it is only the value: the scripts put the flag
 * before it.
 */
function lineOf(word: string, { value, description }: Candidate): string {
  const flag = /^-[^=]*=/.exec(word)?.[0] ?? '';
  return `${value.slice(flag.length)}\t${visible(description)}\n`;
}

async function answer(given: readonly string[], runtime: Runtime, commandLine: CommandLine): Promise<void> {
  const patience = wait(Math.max(0, answerByMs - performance.now()));
  const words = typedWords(given);
  const program = await commandLine.describe(words);
  const values = valuesInTime({ runtime, commandLine }, words, patience);
  const candidates = await candidatesFor(program, words, plainOnly(values));
  const lines = candidates.map((candidate) => lineOf(words.at(-1) ?? '', candidate));
  const directive = keepOrder + (isFileName(program, words) ? 0 : noFiles);
  await runtime.stdout.write(asItStands(`${lines.join('')}:${directive}\n`));
}

/**
 * Answers the completion scripts of the shells, which call it with the words typed so far behind `--`. Where something is
 * wrong there is nothing to choose from, and nothing is said: a message would end up in the middle of what is being typed.
 */
export async function complete(
  [first, ...rest]: readonly string[],
  runtime: Runtime,
  commandLine: CommandLine,
): Promise<void> {
  try {
    if (first === '--') {
      await answer(rest, runtime, commandLine);
      return;
    }
    const { refresh, refreshFlag } = await import('./refresh.js');
    if (first === refreshFlag) {
      await refresh(rest, { runtime, commandLine });
    }
  } catch {
    await runtime.stdout.write(shown`:${noFiles}\n`);
  }
}
