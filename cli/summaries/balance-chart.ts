import type { BalancesJson } from '../../server/features/summaries/wire.js';
import { formatAmount } from '../../server/money/format.js';
import type { MoneyJson } from '../../server/money/wire.js';
import type { Context } from '../context.js';
import { lineChart } from '../terminal/charts/line-chart.js';
import { groupedDigits, moneyText } from '../terminal/money.js';
import { lastDayBefore } from '../terminal/period.js';
import { joined, type Shown, shown } from '../terminal/text/shown.js';
import { drawnMinor } from './figures.js';

export type Balances = Omit<BalancesJson, 'data'> & {
  readonly data: readonly { readonly at: string; readonly balance: MoneyJson }[];
};

const height = 10;
const widestChart = 200;

/** A line of the balances at the end of each step, oldest first, with the first and the last day below it. */
export async function chartText(
  { stdout, locale }: Pick<Context, 'stdout' | 'locale'>,
  { data }: Balances,
  isAscii: boolean,
): Promise<Shown> {
  const { widest, padStart } = await import('../terminal/text/align.js');
  const points = data.toReversed();
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) {
    return shown`There was no account then.\n`;
  }
  const digits = first.balance.amount.split('.')[1]?.length ?? 0;
  const labelOf = (minor: number) => groupedDigits(formatAmount(minor, { digits }), locale);
  const values = points.map(({ balance }) => drawnMinor(balance));
  const width = Math.min(stdout.width, widestChart);
  const lines = lineChart(values, {
    ...{ width, height, isAscii, labelOf },
    widthOf: (text) => widest([text]),
  });
  // A step ends when the next day begins.
  const [from, to] = [lastDayBefore(first.at), lastDayBefore(last.at)];
  const days = `${from}${padStart(to, width - widest([from]))}`;
  const now = shown`${stdout.pen.bold(moneyText(last.balance, locale))}\n`;
  return joined([
    now,
    shown`\n`,
    ...lines.flatMap((line) => [line, shown`\n`]),
    stdout.pen.dim(days),
    shown`\n`,
  ]);
}
