import { type Command, InvalidArgumentError, Option } from 'commander';
import { addPeriodFlags } from '../lists/period-flags.js';
import { kindOf, kindWords } from './kinds.js';

function readKind(word: string): string {
  const kind = kindOf(word);
  if (kind === undefined) {
    throw new InvalidArgumentError(`Allowed choices are ${kindWords.join(', ')}.`);
  }
  return kind;
}

/** The flags that say which payments of a history are wanted. */
export function addHistoryFlags(command: Command): Command {
  const filtered = command
    .addOption(new Option('--direction <direction>', 'which way').choices(['sent', 'received']))
    .option('--with <user>', 'only with this user')
    .addOption(new Option('--kind <kind>', 'only of this kind').choices(kindWords).argParser(readKind))
    .option('--currency <code>', 'only where one side has this currency')
    .option('--min <amount>', 'at least this much')
    .option('--max <amount>', 'at most this much')
    .option('-q, --search <text>', 'only with this text in the memo');
  return addPeriodFlags(filtered);
}
