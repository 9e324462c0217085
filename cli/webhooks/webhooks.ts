import type { Command } from 'commander';
import { deliveryShape, newWebhookShape, webhookShape } from '../api/shapes.js';
import type { Start } from '../command.js';
import { withExamples } from '../help/help.js';
import { listsAlone } from '../lists/noun.js';
import { addLimitFlags } from '../lists/show-list-as.js';
import { addDisplayFlags } from '../terminal/display-options.js';
import { add } from './add.js';
import { deliveries, resend } from './deliveries.js';
import { list } from './list.js';
import { remove } from './remove.js';

export function define(command: Command, start: Start): void {
  withExamples(command, [
    'pay webhooks list',
    'pay webhooks add https://shop.example/pay --types payment.received',
    'pay webhooks deliveries <id>',
    'pay webhooks resend <id> <delivery>',
    'pay webhooks remove <id>',
  ]);
  listsAlone(command, start, list, addDisplayFlags, webhookShape);
  addDisplayFlags(command.command('list').summary('the endpoints that are told of your events')).action(
    start(list, webhookShape),
  );
  command
    .command('add')
    .summary('have an endpoint told; its secret is shown once')
    .argument('[url]', 'an https address')
    .option('--types <types>', 'of what, separated by commas; * is everything', '*')
    .option('-y, --yes', 'do not ask')
    .action(start(add, newWebhookShape));
  command
    .command('remove')
    .summary('have an endpoint told no longer')
    .argument('[id]', 'the id, as `pay webhooks list` gives it')
    .option('-y, --yes', 'do not ask')
    .action(start(remove, { id: 'value' }));
  const delivered = command
    .command('deliveries')
    .summary('what was, or is to be, delivered to one')
    .argument('[id]', 'the id, as `pay webhooks list` gives it');
  addDisplayFlags(addLimitFlags(delivered)).action(start(deliveries, deliveryShape));
  command
    .command('resend')
    .summary('deliver something again')
    .argument('[id]', 'the id of the webhook')
    .argument('[delivery]', 'the id of the delivery')
    .option('-y, --yes', 'do not ask')
    .action(start(resend, deliveryShape));
}
