import type { Command, CommanderError } from 'commander';
import { Failure } from '../failure/failure.js';
import { didYouMean } from '../help/nearest.js';
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

function noSuchVerb(noun: Command, verb: string): Failure {
  const path = namesOf(noun).join(' ');
  const verbs = noun.commands.map((command) => command.name());
  const all = new Intl.ListFormat('en', { type: 'conjunction' }).format(verbs);
  const next =
    verbs.includes('show') && idForm.test(verb)
      ? [`To see this one: pay ${path} show ${verb}`]
      : [...didYouMean(verb, verbs), `There are ${all}.`];
  return new Failure('usage', `There is no command ${path} ${verb}.`, {
    next: [...next, helpHint(namesOf(noun))],
  });
}

/** The word that stands where a noun has its verb, and is none of them. */
function wrongVerb({ parent, commands, args: [first] }: Command): string | undefined {
  const isNoun = parent !== null && commands.length > 0;
  return isNoun && first !== undefined && !first.startsWith('-') ? first : undefined;
}

/** The hints for a word that is none of ours: what to type instead, where another program has it; else what commander has found near it. */
function meantHints(code: string, { args }: Command, near: readonly string[]): readonly string[] {
  const known = code === 'commander.unknownCommand' ? commandFor(args[0] ?? '') : undefined;
  const [hint] = code === 'commander.unknownOption' ? args.flatMap((word) => hintForFlag(word) ?? []) : [];
  if (known !== undefined) {
    return [`Did you mean ${known}?`];
  }
  return hint === undefined ? near.map((line) => line.replace(/^\(|\)$/g, '')) : [hint];
}

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
  const [text = '', ...near] = error.message.replace(commanderPrefix, '').split('\n');
  const message = `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
  const hints = called === undefined ? [] : meantHints(error.code, called, near);
  return new Failure('usage', message.endsWith('.') ? message : `${message}.`, { next: [...hints, help] });
}
