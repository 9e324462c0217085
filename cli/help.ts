import type { Command, Help } from 'commander';
import { helpTopics } from './help-topics.js';

const examplesOf = new WeakMap<Command, readonly string[]>();

/** Gives a command the examples that its help begins with. */
export function withExamples(command: Command, examples: readonly string[]): Command {
  examplesOf.set(command, examples);
  return command;
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${title}\n${lines.map((line) => `  ${line}\n`).join('')}\n`;
}

/** Help that begins with what the command does and how it is typed. */
export function formatHelp(command: Command, helper: Help): string {
  const isProgram = command.parent === null;
  const examples = section('Examples:', examplesOf.get(command) ?? []);
  const topics = isProgram
    ? section(
        '\nTopics:',
        helpTopics.map(({ name, summary }) => `${`pay help ${name}`.padEnd(22)}  ${summary}`),
      )
    : '';
  const usual = Object.getPrototypeOf(helper).formatHelp.call(helper, command, helper) as string;
  return `${command.summary()}\n\n${examples}${usual}${topics.trimEnd()}${topics === '' ? '' : '\n'}`;
}
