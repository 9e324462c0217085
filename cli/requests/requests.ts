import { type Command, Option } from 'commander';
import { acceptedShape, requestShape } from '../api/shapes.js';
import type { Start } from '../command.js';
import { withExamples } from '../help/help.js';
import { listsAlone } from '../lists/noun.js';
import { addPeriodFlags } from '../lists/period-flags.js';
import { addDisplayFlags } from '../terminal/display-options.js';
import { accept } from './accept.js';
import { cancel, decline, remind } from './close.js';
import { list } from './list.js';
import { show } from './show.js';

const addListFlags = (command: Command): Command => {
  const filtered = command
    .addOption(new Option('--incoming', 'only those that ask you').conflicts('outgoing'))
    .option('--outgoing', 'only those that you ask')
    .addOption(
      new Option('--direction <direction>', 'the same as a value')
        .choices(['incoming', 'outgoing'])
        .conflicts(['incoming', 'outgoing']),
    )
    .addOption(
      new Option('--status <status>', 'only those that are so (pending)').choices([
        'pending',
        'paid',
        'declined',
        'cancelled',
        'expired',
        'all',
      ]),
    )
    .option('--with <user>', 'only with this user')
    .option('-n, --limit <n>', 'how many (20 on a terminal, else all)')
    .option('--all', 'all of them, closed ones too');
  return addDisplayFlags(addPeriodFlags(filtered));
};

export function define(command: Command, start: Start): void {
  withExamples(command, [
    'pay requests                                     what is pending, both ways',
    'pay requests --with bob --all                    everything with bob, closed ones too',
    'pay requests accept                              choose one, see what it costs, pay',
    'pay requests show <id>',
    'pay requests decline <id> --reason "paid cash"',
    'pay requests cancel <id>',
    'pay requests remind <id>',
  ]);
  listsAlone(command, start, list, addListFlags, requestShape);
  command
    .command('show')
    .summary('everything about one')
    .argument('[id]', 'the id, as `pay requests` gives it')
    .action(start(show, requestShape));
  withExamples(command.command('accept').summary('pay one that asks you'), [
    'pay requests accept                              choose one',
    'pay requests accept <id> --max 25                for at most 25 of your currency',
    'pay requests accept <id> --yes                   for scripts: nothing is asked',
    'pay requests accept <id> --dry-run               what would happen',
  ])
    .argument('[id]', 'the id, as `pay requests` gives it')
    .option('-m, --memo <text>', "a memo of your own instead of the request's")
    .option('--max <amount>', 'the most that you are willing to pay, in your currency')
    .option('--dry-run', 'only show what would happen')
    .option('-y, --yes', 'do not ask')
    .option('--key <key>', 'the idempotency key; money moves at most once for each')
    .action(start(accept, acceptedShape));
  command
    .command('decline')
    .summary('say no to one that asks you')
    .argument('[id]', 'the id, as `pay requests` gives it')
    .option('-r, --reason <text>', 'why; the other side sees it')
    .option('-y, --yes', 'do not ask')
    .action(start(decline, requestShape));
  command
    .command('cancel')
    .summary('take back one of your own')
    .argument('[id]', 'the id, as `pay requests` gives it')
    .option('-y, --yes', 'do not ask')
    .action(start(cancel, requestShape));
  command
    .command('remind')
    .summary('bring one of your own to mind, at most once an hour')
    .argument('[id]', 'the id, as `pay requests` gives it')
    .option('-y, --yes', 'do not ask')
    .action(start(remind, requestShape));
}
