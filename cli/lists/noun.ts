import type { Command } from 'commander';
import type { Run, Start } from '../command.js';
import { Failure } from '../failure/failure.js';
import { didYouMean } from '../help/nearest.js';

const pathOf = (command: Command): string =>
  command.parent?.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();

function noSuchVerb(noun: Command, verb: string): Failure {
  const path = pathOf(noun);
  const verbs = noun.commands.map((command) => command.name());
  const all = new Intl.ListFormat('en', { type: 'conjunction' }).format(verbs);
  return new Failure('usage', `There is no command ${path} ${verb}.`, {
    next: [...didYouMean(verb, verbs), `There are ${all}.`, `See: pay ${path} --help`],
  });
}

/** Has a noun alone run the command that lists what there is; a word that is none of its commands is named. */
export function listsAlone<Options extends object>(
  noun: Command,
  start: Start,
  list: Run<Options>,
  addFlags: (command: Command) => Command,
): void {
  noun.helpCommand(false).enablePositionalOptions().usage('[command] [options]');
  // The operand is there only to say what is wrong with a word that is none of the commands below.
  addFlags(noun.argument('[verb]')).action(
    start<Options>(async (context, [verb], options) => {
      if (verb !== undefined) {
        throw noSuchVerb(noun, verb);
      }
      await list(context, [], options);
    }),
  );
}
