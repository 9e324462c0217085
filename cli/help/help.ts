import type { Command, Help } from 'commander';
import { globalFlagsGroup } from '../global-flags.js';
import { helpTopics } from './help-topics.js';

const examplesOf = new WeakMap<Command, readonly string[]>();

/** Gives a command the examples that its help begins with. */
export function withExamples(command: Command, examples: readonly string[]): Command {
  examplesOf.set(command, examples);
  return command;
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

/** The examples that a command was given; else those of the command above it that show this one. */
export function examplesFor(command: Command): readonly string[] {
  const own = examplesOf.get(command);
  if (own || command.parent === null) {
    return own ?? [];
  }
  const path = pathOf(command);
  return examplesFor(command.parent).filter((line) => line === path || line.startsWith(`${path} `));
}

const notesOf = new WeakMap<Command, readonly string[]>();

/** Gives a command paragraphs that its help holds behind the usage. */
export function withNotes(command: Command, notes: readonly string[]): Command {
  notesOf.set(command, notes);
  return command;
}

/** The paragraphs that a command was given. */
export const notesFor = (command: Command): readonly string[] => notesOf.get(command) ?? [];

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}\n${lines.map((line) => `  ${line}\n`).join('')}`];
}

/** An example whose explanation stands below it where both do not fit beside each other. The command, which is to be copied, stays whole. */
function exampleLines(example: string, helper: Help, width: number): string[] {
  const [, command, meaning] = /^(.*?\S) {2,}(\S.*)$/.exec(example) ?? [];
  if (command === undefined || meaning === undefined || example.length <= width) {
    return [example];
  }
  const below = '    ';
  const lines = helper.boxWrap(meaning, width - below.length).split('\n');
  return [command, ...lines.map((line) => `${below}${line}`)];
}

function termLines(rows: Group['rows'], helper: Help, termWidth: number): string[] {
  // Wrapped by commander's own rules, which indent each line that goes on.
  return rows.map(([term, text]) => helper.formatItem(term, termWidth, text, helper).replace(/^ {2}/, ''));
}

interface Group {
  readonly title: string;
  readonly rows: readonly (readonly [string, string])[];
}

function groupsOf(command: Command, helper: Help): Group[] {
  const options = helper.visibleOptions(command);
  const optionGroups = helper.groupItems(
    [...command.options],
    options,
    (option) => option.helpGroupHeading ?? 'Options:',
  );
  const subcommands = helper.visibleCommands(command);
  const commandGroups = helper.groupItems(
    [...command.commands],
    subcommands,
    (sub) => sub.helpGroup() || 'Commands:',
  );
  return [
    ...[...commandGroups].map(([title, subs]) => ({
      title,
      rows: subs.map((sub) => [sub.name(), helper.subcommandDescription(sub)] as const),
    })),
    {
      title: 'Arguments:',
      rows: helper
        .visibleArguments(command)
        .map((argument) => [argument.name(), helper.argumentDescription(argument)] as const),
    },
    ...[...optionGroups]
      .sort(([one], [other]) => order(one) - order(other))
      .map(([title, members]) => ({
        title,
        rows: members.map((option) => [helper.optionTerm(option), helper.optionDescription(option)] as const),
      })),
    {
      title: 'Topics:',
      rows:
        command.parent === null
          ? helpTopics.map(({ name, summary }) => [`help ${name}`, summary] as const)
          : [],
    },
  ];
}

/** The order of the parts of a help text: what a command has of its own stands before what every command has. */
function order(title: string): number {
  return title === globalFlagsGroup ? 1 : 0;
}

function sentence(text: string): string {
  const capital = `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
  return capital.endsWith('.') ? capital : `${capital}.`;
}

/** Help that begins with what the command does and how it is typed, then its commands, then its flags. */
export function formatHelp(command: Command, helper: Help): string {
  const groups = groupsOf(command, helper);
  const width = helper.helpWidth ?? 80;
  const termWidth = Math.max(0, ...groups.flatMap(({ rows }) => rows.map(([term]) => term.length)));
  return [
    `${sentence(command.summary())}\n`,
    ...section(
      'Examples:',
      examplesFor(command).flatMap((example) => exampleLines(example, helper, width - 2)),
    ),
    ...section('Usage:', [helper.commandUsage(command)]),
    ...notesFor(command).map((note) => `${helper.boxWrap(note, width)}\n`),
    ...groups.flatMap(({ title, rows }) => section(title, termLines(rows, helper, termWidth))),
  ].join('\n');
}
