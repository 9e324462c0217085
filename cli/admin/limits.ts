import { type Command, Option } from 'commander';
import { limitShape } from '../api/shapes.js';
import type { Start } from '../command.js';
import { withExamples } from '../help/help.js';
import { listsAlone } from '../lists/noun.js';
import { addListFlags } from '../lists/show-list-as.js';
import { addActFlags } from './act-on-user/act-flags.js';
import { clear } from './limits/clear.js';
import { type LimitsOptions, list } from './limits/list.js';
import { set } from './limits/set.js';

function addTargetFlags(command: Command): Command {
  return command
    .addOption(new Option('--user <user>', 'of one user').conflicts('currency'))
    .option('--currency <code>', 'of all who hold this currency');
}

/** `pay admin limits`, which lists, and the commands below it. */
export function defineLimits(admin: Command, start: Start): void {
  const limits = withExamples(
    admin.command('limits').summary('how much may be paid; set, clear').helpGroup('Act:'),
    [
      'pay admin limits                                         all that are set',
      'pay admin limits set --currency GBP --per-day 5000 --reason "policy"',
      'pay admin limits set --user alice --per-payment none --reason "trusted"',
      'pay admin limits clear --user alice --reason "as everybody"',
    ],
  );
  const addFlags = (command: Command) =>
    addListFlags(command.option('--user <user>', 'only those of this user alone'));
  listsAlone<LimitsOptions>(limits, start, list, addFlags);
  const setting = addTargetFlags(limits.command('set').summary('limit a user, or all who hold a currency'))
    .option('--per-payment <amount>', 'at most this at once; none is no limit')
    .option('--per-day <amount>', 'at most this within any 24 hours; none is no limit');
  addActFlags(setting).action(start(set, limitShape));
  const clearing = addTargetFlags(
    limits.command('clear').summary('take limits away; a user then has those of the currency'),
  )
    .option('--per-payment', 'only the one at once')
    .option('--per-day', 'only the one within 24 hours');
  addActFlags(clearing).action(start(clear, limitShape));
}
