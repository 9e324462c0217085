import type { Command } from 'commander';
import type { OwnLimitJson } from '../../server/features/limits/wire.js';
import type { Run, Start } from '../command.js';
import type { Context } from '../context.js';
import { withExamples } from '../help/help.js';
import { addDisplayFlags, type DisplayOptions } from '../terminal/display-options.js';
import { moneyText } from '../terminal/money.js';
import { showList } from '../terminal/show.js';
import type { Column } from '../terminal/table.js';
import { timeUntil } from '../terminal/time.js';

const names: Readonly<Record<string, string>> = { per_payment: 'at once', per_day: 'in 24 hours' };

function columnsOf({ stdout, locale, now }: Context): Column<OwnLimitJson>[] {
  const dim = (text: string) => stdout.pen.dim(text);
  return [
    { header: 'you may pay', people: ({ limit }) => names[limit] ?? limit },
    { header: 'up to', people: ({ total }) => moneyText(total, locale), align: 'point' },
    { header: 'used', people: ({ used }) => moneyText(used, locale), align: 'point', paint: dim },
    { header: 'left', people: ({ remaining }) => moneyText(remaining, locale), align: 'point' },
    {
      header: 'more',
      people: ({ resetsAt }) => (resetsAt === null ? '' : timeUntil(resetsAt, now())),
      paint: dim,
    },
  ];
}

const limits: Run<DisplayOptions> = async (context, _operands, options) => {
  const api = await context.api();
  const { data } = await api.call('GET /v1/me/limits');
  const list = {
    rows: data,
    columns: columnsOf(context),
    names: ['limit', 'total', 'used', 'remaining', 'currency', 'resetsAt'],
    machine: ({ limit, total, used, remaining, resetsAt }: OwnLimitJson) => [
      ...[limit, total.amount, used.amount, remaining.amount],
      ...[total.currency, resetsAt ?? ''],
    ],
    empty: 'Nothing but your balance limits what you may pay.',
  };
  await showList(context, list, options);
};

export function define(command: Command, start: Start): void {
  withExamples(command, ['pay limits', 'pay limits --json --fields limit,remaining']);
  addDisplayFlags(command).action(start(limits));
}
