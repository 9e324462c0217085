import type { Command, CommanderError } from 'commander';
import { Failure } from '../failure/failure.js';
import { didYouMean, nearest } from '../help/nearest.js';
import { commandFor, hintForFlag } from '../help/usual-words.js';

// The message of a CommanderError is the line that it has for a terminal, and begins so; what is wrong it tells by its code.
const commanderPrefix = /^error: /;

/** The command that the words have led to, as far as they were read. */
function calledCommand(command: Command): Command {
  const below = command.commands.find((sub) => sub.name() === command.args[0]);
  return below === undefined ? command : calledCommand(below);
}

/** The words that call a command, without `pay`. */
const namesOf = (command: Command): string[] =>
  command.parent === null ? [] : [...namesOf(command.parent), command.name()];

const helpHint = (names: readonly string[]) => `See: ${['pay', ...names, '--help'].join(' ')}`;

const idForm = /^[a-z]+_[0-9A-Z]/;

const listWords = ['list', 'ls'];

/** The hint for who asks a noun for its list by a verb, where the noun alone lists. */
function listHint(noun: Command, verb: string): readonly string[] {
  const lists = noun.options.some(({ long }) => long === '--columns');
  return lists && listWords.includes(verb)
    ? [`It lists by itself: ${['pay', ...namesOf(noun)].join(' ')}`]
    : [];
}

function noSuchVerb(noun: Command, verb: string): Failure {
  const path = namesOf(noun).join(' ');
  const verbs = noun.commands.map((command) => command.name());
  const all = new Intl.ListFormat('en', { type: 'conjunction' }).format(verbs);
  const next =
    verbs.includes('show') && idForm.test(verb)
      ? [`To see this one: pay ${path} show ${verb}`]
      : [...listHint(noun, verb), ...didYouMean(verb, verbs), `There are ${all}.`];
  return new Failure('usage', `There is no command ${path} ${verb}.`, {
    next: [...next, helpHint(namesOf(noun))],
  });
}

/** The word that stands where a noun has its verb, and is none of them. */
function wrongVerb({ parent, commands, args: [first] }: Command): string | undefined {
  const isNoun = parent !== null && commands.length > 0;
  return isNoun && first !== undefined && !first.startsWith('-') ? first : undefined;
}

/** The hint for a flag that the command does not have: what to type instead, or the one of its flags that is like it. */
function flagHints(command: Command): readonly string[] {
  const flag = command.args.find((word) => word.startsWith('-')) ?? '';
  const known = hintForFlag(flag);
  if (known !== undefined) {
    return [known];
  }
  const bare = (name: string) => name.replace(/^-+/, '').replace(/=.*$/s, '');
  const flags = command.createHelp().visibleOptions(command);
  const meant = nearest(
    bare(flag),
    flags.flatMap(({ long }) => (long ? [bare(long)] : [])),
  );
  return meant === undefined ? [] : [`Did you mean --${meant}?`];
}

/** The hints for a word that is no command of ours: what to type instead, where another program has it; else what is near it or begins so. */
function commandHints(command: Command): readonly string[] {
  const [word = ''] = command.args;
  const usual = commandFor(word);
  const known = command.createHelp().visibleCommands(command);
  return usual === undefined
    ? didYouMean(
        word,
        known.map((one) => one.name()),
      )
    : [`Did you mean ${usual}?`];
}

const hintsFor: Readonly<Record<string, (command: Command) => readonly string[]>> = {
  'commander.unknownOption': flagHints,
  'commander.unknownCommand': commandHints,
};

/**
 * The failure for a command line that commander cannot read, in the form of every other failure. A word that is no verb of its
 * noun is told before anything that stands behind it.
 * @param program the program, where it came to read the words
 */
export function usageFailure(error: CommanderError, program?: Command): Failure {
  const called = program && calledCommand(program);
  const verb = called && wrongVerb(called);
  if (called !== undefined && verb !== undefined) {
    return noSuchVerb(called, verb);
  }
  const help = helpHint(called === undefined ? [] : namesOf(called));
  if (error.code === 'commander.help') {
    return new Failure('usage', 'A command is missing.', { next: [help] });
  }
  const [text = ''] = error.message.replace(commanderPrefix, '').split('\n');
  const message = `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
  const hints = called === undefined ? [] : (hintsFor[error.code]?.(called) ?? []);
  return new Failure('usage', /[.?]$/.test(message) ? message : `${message}.`, { next: [...hints, help] });
}
