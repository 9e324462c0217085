import type { EventEmitter } from 'node:events';
import type { Command } from 'commander';
import { examplesFor, notesFor } from '../help/help.js';
import { bold, heading, line, subheading, term, title, verbatim } from './roff.js';

/** The words that lead to a command. */
function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

const summaryOf = (command: Command) => (command.summary() || command.description()).replace(/\.$/, '');

function synopsis(command: Command): readonly string[] {
  return [bold(pathOf(command)), line(command.usage())];
}

function examples(command: Command): readonly string[] {
  const lines = examplesFor(command);
  return lines.length === 0 ? [] : [heading('Examples'), ...verbatim(lines)];
}

const notes = (command: Command): readonly string[] =>
  notesFor(command).flatMap((note) => ['.PP', line(note)]);

/** What a program's help says after its flags, line by line. */
function afterFlags(command: Command): readonly string[] {
  let text = '';
  const write = (piece: string) => {
    text += piece;
  };
  // A command is an emitter, which its types do not say, and what is added to its help listens.
  (command as unknown as EventEmitter).emit('afterHelp', { error: false, command, write });
  return text.trim() === '' ? [] : verbatim(text.replace(/^\n+/, '').trimEnd().split('\n'));
}

function argumentTerms(command: Command): readonly string[] {
  return command.registeredArguments
    .filter(({ description }) => description !== '')
    .flatMap((argument) => term(argument.name(), argument.description));
}

function optionTerms(command: Command, isShared: (group: string | undefined) => boolean): readonly string[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .filter(({ helpGroupHeading }) => !isShared(helpGroupHeading))
    .flatMap((option) => term(option.flags, command.createHelp().optionDescription(option)));
}

const section = (name: string, lines: readonly string[]) =>
  lines.length === 0 ? [] : [heading(name), ...lines];

function after(command: Command): readonly string[] {
  const lines = afterFlags(command);
  return lines.length === 0 ? [] : ['.PP', ...lines];
}

/** A command below another: how it is typed, and its own words. */
function subcommand(command: Command, isShared: (group: string | undefined) => boolean): readonly string[] {
  const shown = examplesFor(command);
  return [
    subheading(`${pathOf(command)} ${command.usage()}`),
    line(`${summaryOf(command)}.`),
    ...(shown.length === 0 ? [] : ['.PP', ...verbatim(shown)]),
    ...notes(command),
    ...argumentTerms(command),
    ...optionTerms(command, isShared),
    ...after(command),
    ...command.commands.flatMap((below) => subcommand(below, isShared)),
  ];
}

export interface PageOptions {
  /** The section of the manual: 1 for commands, 8 for what the operator runs (man(7)). */
  readonly section: 1 | 8;
  /** What the page is of, such as `pay 1.0.0`. */
  readonly source: string;
  /** Which groups of flags every command has: they stand in one page alone. */
  readonly isShared?: (group: string | undefined) => boolean;
  /** What stands in the chapter "Commands" instead of everything about each. */
  readonly commands?: readonly string[];
  readonly seeAlso: string;
}

/** The manual page of a command and of those below it, in the language of man(7). */
export function commandPage(command: Command, options: PageOptions): string {
  const { section: number, source, isShared = () => false, commands, seeAlso } = options;
  const name = pathOf(command).replaceAll(' ', '-');
  const below = commands ?? command.commands.flatMap((one) => subcommand(one, isShared));
  return `${[
    title(name, number, source),
    heading('Name'),
    line(`${name} - ${summaryOf(command)}`),
    ...examples(command),
    heading('Synopsis'),
    ...synopsis(command),
    ...section('Description', notes(command)),
    ...section('Arguments', argumentTerms(command)),
    ...section('Options', optionTerms(command, isShared)),
    ...section('Notes', afterFlags(command)),
    ...section('Commands', below),
    heading('See also'),
    line(seeAlso),
  ].join('\n')}\n`;
}
