import type { Command } from 'commander';
import type { CommandLine, Runtime } from '../context.js';
import { Failure } from '../failure/failure.js';
import { asCalled } from '../terminal/text/as-called.js';
import { reflow } from '../terminal/text/reflow.js';
import { asItStands } from '../terminal/text/shown.js';
import { helpTopics } from './help-topics.js';
import { didYouMean } from './nearest.js';
import { commandFor } from './usual-words.js';

// Longer lines are hard to read.
const widest = 100;

function namesBelow(command: Command): string[] {
  return command.commands.map((sub) => sub.name());
}

function unknown(program: Command, command: Command, word: string): Failure {
  const isTop = command === program;
  const known = [...namesBelow(command), ...(isTop ? ['help', ...helpTopics.map(({ name }) => name)] : [])];
  const what = isTop
    ? `There is no command and no topic ${word}.`
    : `There is no command ${command.name()} ${word}.`;
  const usual = isTop ? commandFor(word) : undefined;
  const near = usual === undefined ? didYouMean(word, known) : [`Did you mean ${usual}?`];
  const help = isTop ? 'pay --help' : `pay ${command.name()} --help`;
  return new Failure('usage', what, { next: [...near, `See: ${help}`] });
}

/**
 * Writes the help for a topic, or for the command that the words lead to.
 * @param asked what stands behind `help`; help about help is that of the program, which lists what there is
 * @throws Failure (usage) where there is neither
 */
export async function showHelp(
  asked: readonly string[],
  { stdout, calledAs }: Runtime,
  commandLine: CommandLine,
): Promise<void> {
  const words = asked[0] === 'help' ? asked.slice(1) : asked;
  const topic = helpTopics.find(({ name }) => name === words[0]);
  if (topic && words.length === 1) {
    await stdout.write(asCalled(asItStands(reflow(topic.text(), Math.min(stdout.width, widest))), calledAs));
    return;
  }
  const program = await commandLine.describe(words);
  let command = program;
  for (const word of words) {
    const below = command.commands.find((sub) => sub.name() === word);
    if (below === undefined) {
      throw unknown(program, command, word);
    }
    command = below;
  }
  await stdout.write(asItStands(command.helpInformation()));
}
