import type { Command } from 'commander';
import { helpTopics } from '../help/help-topics.js';
import { argumentAt, type CursorPosition, optionNamed, positionAfter } from './cursor-position.js';
import type { Candidate, LiveValues } from './live-values.js';
import { kindOfOperand, kindOfOption, type ValueKind } from './value-kinds.js';

async function valuesOf({ live = [], words = [] }: ValueKind, values: LiveValues): Promise<Candidate[]> {
  const found = await Promise.all(live.map(values));
  return [...words.map((value) => ({ value, description: '' })), ...found.flat()];
}

function optionsAt({ command, used }: CursorPosition): Candidate[] {
  const excluded = used.flatMap((option) => (option as { conflictsWith?: string[] }).conflictsWith ?? []);
  return command
    .createHelp()
    .visibleOptions(command)
    .filter((option) => !excluded.includes(option.attributeName()))
    .filter((option) => option.variadic || !used.includes(option))
    .map(({ long, short, description }) => ({ value: long ?? short ?? '', description }));
}

function commandsBelow(command: Command): Candidate[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((sub) => ({ value: sub.name(), description: sub.summary() }));
}

function helpAbout(program: Command, [name, ...more]: readonly string[]): Candidate[] {
  if (name === undefined) {
    const topics = helpTopics.map((topic) => ({ value: topic.name, description: topic.summary }));
    return [...commandsBelow(program), ...topics];
  }
  const command = program.commands.find((sub) => sub.name() === name);
  return command && more.length === 0 ? commandsBelow(command) : [];
}

/** The kind of value that a word is: that of an option before it, the option that it begins with, or an operand. */
function kindAt(position: CursorPosition, word: string): ValueKind {
  const { command, option, hasEndedOptions } = position;
  if (option) {
    return kindOfOption(command, option);
  }
  if (!hasEndedOptions && word.startsWith('-')) {
    const named = word.includes('=') ? optionNamed(command, word) : undefined;
    return named ? kindOfOption(command, named) : {};
  }
  const argument = argumentAt(position);
  return argument ? kindOfOperand(command, argument) : {};
}

async function allAt(position: CursorPosition, word: string, values: LiveValues): Promise<Candidate[]> {
  const { command, operands, option, hasEndedOptions } = position;
  const found = await valuesOf(kindAt(position, word), values);
  if (option) {
    return found;
  }
  if (hasEndedOptions || !word.startsWith('-')) {
    return [...(operands === 0 ? commandsBelow(command) : []), ...found];
  }
  const start = word.slice(0, word.indexOf('=') + 1);
  return start === ''
    ? optionsAt(position)
    : found.map(({ value, description }) => ({ value: start + value, description }));
}

/**
 * What the last of the words, which may be empty, can be completed to: commands, flags, and values as they are now.
 * @param program with the command that the words call defined whole
 */
export async function candidatesFor(
  program: Command,
  words: readonly string[],
  values: LiveValues,
): Promise<readonly Candidate[]> {
  const before = words.slice(0, -1);
  const word = words.at(-1) ?? '';
  const all =
    before[0] === 'help'
      ? helpAbout(program, before.slice(1))
      : await allAt(positionAfter(program, before), word, values);
  const begun = word.toLowerCase();
  return all.filter(({ value }) => value.toLowerCase().startsWith(begun));
}

/** Whether the last of the words is the name of a file. */
export function isFileName(program: Command, words: readonly string[]): boolean {
  return kindAt(positionAfter(program, words.slice(0, -1)), words.at(-1) ?? '').isFile === true;
}
