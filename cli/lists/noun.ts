import type { Command } from 'commander';
import type { Answer, Run, Start } from '../command.js';

/** Has a noun alone run the command that lists what there is. */
export function listsAlone<Options extends object>(
  noun: Command,
  start: Start,
  list: Run<Options>,
  addFlags: (command: Command) => Command,
  answer?: Answer<Options>,
): void {
  noun.helpCommand(false).enablePositionalOptions().usage('[command] [options]');
  addFlags(noun).action(start(list, answer));
}
