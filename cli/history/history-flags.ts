import { type Command, Option } from 'commander';
import { addPeriodFlags } from '../lists/period-flags.js';

/** The flags that say which payments of a history are wanted. */
export function addHistoryFlags(command: Command): Command {
  const filtered = command
    .addOption(new Option('--direction <direction>', 'which way').choices(['sent', 'received']))
    .option('--with <user>', 'only with this user')
    .addOption(
      new Option('--kind <kind>', 'only of this kind').choices([
        'transfer',
        'request',
        'refund',
        'adjustment',
        'opening-credit',
        'opening_credit',
      ]),
    )
    .option('--currency <code>', 'only where one side has this currency')
    .option('--min <amount>', 'at least this much')
    .option('--max <amount>', 'at most this much')
    .option('-q, --search <text>', 'only with this text in the memo');
  return addPeriodFlags(filtered);
}
