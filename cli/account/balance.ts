import type { Command } from 'commander';
import type { Start } from '../command.js';
import type { Context } from '../context.js';
import { withExamples } from '../help/help.js';
import { moneyText } from '../terminal/money.js';
import { show } from '../terminal/show.js';
import { shown } from '../terminal/shown.js';

async function balance(context: Context): Promise<void> {
  const api = await context.api();
  const me = await api.call('GET /v1/me');
  await show(context, {
    json: me.balance,
    people: () => shown`${moneyText(me.balance, context.locale)}\n`,
    machine: () => [[me.balance.amount, me.balance.currency]],
  });
}

export function define(command: Command, start: Start): void {
  withExamples(command, ['pay balance', 'pay balance --json']).action(start(balance));
}
