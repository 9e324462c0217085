import type { Command } from 'commander';
import type { Start } from '../command.js';
import { withExamples } from '../help/help.js';
import { add } from './add.js';
import { deliveries, resend, usualLimit } from './deliveries.js';
import { list } from './list.js';
import { remove } from './remove.js';

export function define(command: Command, start: Start): void {
  withExamples(command, [
    'pay webhooks list',
    'pay webhooks add https://shop.example/pay --types payment.received,request.paid',
    'pay webhooks deliveries <id>',
    'pay webhooks resend <id> <delivery>',
    'pay webhooks remove <id>',
  ]);
  command.helpCommand(false);
  command.command('list').summary('the endpoints that are told of your events').action(start(list));
  command
    .command('add')
    .summary('have an endpoint told; its secret is shown once')
    .argument('[url]', 'an https address')
    .option('--types <types>', 'of what, separated by commas; * is everything', '*')
    .action(start(add));
  command
    .command('remove')
    .summary('have an endpoint told no longer')
    .argument('[id]', 'the id, as `pay webhooks list` gives it')
    .action(start(remove));
  command
    .command('deliveries')
    .summary('what was, or is to be, delivered to one')
    .argument('[id]', 'the id, as `pay webhooks list` gives it')
    .option('-n, --limit <n>', `how many (${usualLimit})`)
    .option('--all', 'all of them')
    .action(start(deliveries));
  command
    .command('resend')
    .summary('deliver something again')
    .argument('[id]', 'the id of the webhook')
    .argument('[delivery]', 'the id of the delivery')
    .action(start(resend));
}
