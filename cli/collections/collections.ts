import { type Command, Option } from 'commander';
import { collectionShape } from '../api/shapes.js';
import type { Start } from '../command.js';
import { withExamples } from '../help/help.js';
import { listsAlone } from '../lists/noun.js';
import { addAsciiFlag } from '../terminal/charts/ascii.js';
import { addDisplayFlags } from '../terminal/display-options.js';
import { close } from './close.js';
import { list } from './list.js';
import { remind } from './remind.js';
import { showCollection } from './show-collection.js';

const statuses = ['open', 'closed', 'expired', 'all'];

const addListFlags = (command: Command): Command =>
  addDisplayFlags(
    addAsciiFlag(
      command
        .addOption(new Option('--status <status>', 'only those that are so (open)').choices(statuses))
        .option('-n, --limit <n>', 'how many (20 on a terminal, else all)')
        .option('--all', 'all of them, closed ones too'),
    ),
  );

export function define(command: Command, start: Start): void {
  withExamples(command, [
    'pay collections                      who has paid, of those that are open',
    'pay collections show trip            person by person',
    'pay collections remind trip          those who have not answered, once a day',
    'pay collections close trip           nobody need pay any more; what came in',
  ]);
  listsAlone(command, start, list, addListFlags, collectionShape);
  const about = 'its name, or its id as `pay collections` gives it';
  addAsciiFlag(command.command('show').summary('who has paid, person by person'))
    .argument('[collection]', about)
    .action(start(showCollection));
  command
    .command('remind')
    .summary('bring it to the mind of those who have not answered, once a day')
    .argument('[collection]', about)
    .option('-y, --yes', 'do not ask')
    .action(start(remind, { ...collectionShape, reminded: 'value' }));
  command
    .command('close')
    .summary('take back what nobody has answered, and say what came in')
    .argument('[collection]', about)
    .option('-y, --yes', 'do not ask')
    .action(start(close, { ...collectionShape, cancelled: 'value' }));
}
