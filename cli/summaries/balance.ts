import type { Command } from 'commander';
import type { MoneyJson } from '../../server/money/wire.js';
import type { Run, Start } from '../command.js';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import { withExamples } from '../help/help.js';
import { type AsciiOptions, addAsciiFlag, isPlainAscii } from '../terminal/charts/ascii.js';
import { moneyText } from '../terminal/money.js';
import { show } from '../terminal/show.js';
import { shown } from '../terminal/text/shown.js';

interface BalanceOptions extends AsciiOptions {
  /** The time from which on a chart is drawn; true for as long as is usual. */
  readonly chart?: string | true;
  readonly at?: string;
}

const usualChart = '90d';
const dayMs = 24 * 3_600_000;
/** The most balances that the server gives. */
const mostPoints = 400;

async function showMoney(context: Context, money: MoneyJson, json: object): Promise<void> {
  await show(context, {
    json,
    people: () => shown`${moneyText(money, context.locale)}\n`,
    machine: () => [[money.amount, money.currency]],
  });
}

async function showNow(context: Context): Promise<void> {
  const api = await context.api();
  const me = await api.call('GET /v1/me');
  await showMoney(context, me.balance, me.balance);
}

/** Shows the balance at the end of a day, month or year, or just before a time; nobody knows what there will be. */
async function showThen(context: Context, text: string): Promise<void> {
  const { checkBegun, periodOf, timeOf } = await import('../terminal/period.js');
  const now = context.now();
  const since = timeOf(text, '--at', now);
  checkBegun(text, since, now);
  const at = periodOf(text, now)?.until.toISOString() ?? since;
  const api = await context.api();
  const { data } = await api.call('GET /v1/me/balances', { query: { at } });
  const [point] = data;
  if (point !== undefined) {
    await showMoney(context, point.balance, point);
  }
}

/** The step of a chart: days while they are few enough, then weeks, then months. */
function stepFor(since: string, now: Date): 'day' | 'week' | 'month' {
  const days = (now.getTime() - Date.parse(since)) / dayMs;
  if (days < mostPoints - 1) {
    return 'day';
  }
  return days / 7 < mostPoints - 1 ? 'week' : 'month';
}

async function showChart(context: Context, from: string, options: AsciiOptions): Promise<void> {
  const { periodOf, timeOf } = await import('../terminal/period.js');
  const { readerTimeZone } = await import('../terminal/time-zone.js');
  const { chartText } = await import('./balance-chart.js');
  const now = context.now();
  const since = timeOf(from, '--chart', now);
  const until = periodOf(from, now)?.until.toISOString();
  const api = await context.api();
  const balances = await api.call('GET /v1/me/balances', {
    query: { since, until, step: stepFor(since, now), tz: readerTimeZone() },
  });
  await show(context, {
    json: balances,
    people: () => chartText(context, balances, isPlainAscii(context, options)),
    machine: () => balances.data.map(({ at, balance }) => [at, balance.amount, balance.currency]),
  });
}

const balance: Run<BalanceOptions> = async (context, _operands, { chart, at, ...options }) => {
  if (chart !== undefined && at !== undefined) {
    throw new Failure('usage', '--chart and --at each say when.', { next: ['Leave one of them out'] });
  }
  if (at !== undefined) {
    await showThen(context, at);
  } else if (chart !== undefined) {
    await showChart(context, chart === true ? usualChart : chart, options);
  } else {
    await showNow(context);
  }
};

export function define(command: Command, start: Start): void {
  const described = withExamples(command, [
    'pay balance',
    'pay balance --at 2026-10-31        at the end of that day',
    'pay balance --chart                a line over the last 90 days',
    'pay balance --chart this-year',
    'pay balance --json',
  ])
    .option('--at <time>', 'at the end of this day, month or year, or just before this time')
    .option('--chart [since]', 'a line over time, from this day or time on: 90d, 2026-10, this-year (90d)');
  addAsciiFlag(described).action(start(balance));
}
