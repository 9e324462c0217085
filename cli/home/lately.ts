import type { BalancesJson, SummaryJson } from '../../server/features/summaries/wire.js';
import type { Api } from '../api/api.js';
import type { Context } from '../context.js';
import { drawnMinor } from '../summaries/figures.js';
import { blockLine } from '../terminal/charts/block-line.js';
import { groupedDigits } from '../terminal/money.js';
import { type Shown, shown } from '../terminal/text/shown.js';
import { readerTimeZone } from '../terminal/time-zone.js';

/** How the balance went, and what came and went this month. */
export interface Lately {
  /** The balance at the end of each of the last days, newest first. */
  readonly days: BalancesJson['data'];
  readonly month: Pick<SummaryJson['totals'][number], 'in' | 'out'>;
}

const dayCount = 30;

export async function fetchLately(api: Api, now: Date): Promise<Lately> {
  const [year, month, day] = [now.getFullYear(), now.getMonth(), now.getDate()];
  const tz = readerTimeZone();
  const [{ data }, { totals }] = await Promise.all([
    api.call('GET /v1/me/balances', {
      query: { since: new Date(year, month, day - dayCount + 1).toISOString(), step: 'day', tz },
    }),
    api.call('GET /v1/me/summary', {
      query: { since: new Date(year, month, 1).toISOString(), by: 'month', tz },
    }),
  ]);
  const [total] = totals;
  if (total === undefined) {
    throw new Error('A summary has totals.');
  }
  return { days: data, month: { in: total.in, out: total.out } };
}

/** The last days as one line of blocks, where there is more than one, and this month in figures. */
export function latelyLines(
  { stdout: { pen, width }, locale }: Pick<Context, 'stdout' | 'locale'>,
  { days, month }: Lately,
  isAscii: boolean,
): readonly Shown[] {
  const values = days.map(({ balance }) => drawnMinor(balance)).toReversed();
  const [came, went] = (['in', 'out'] as const).map(
    (side) => `${groupedDigits(month[side].amount, locale)} ${side}`,
  );
  const text = `${came}, ${went} this month`;
  const between = text.length > width ? shown`\n` : shown` `;
  return [
    ...(values.length > 1 ? [shown`${blockLine(values, isAscii)}  ${pen.dim(`${values.length} days`)}`] : []),
    shown`${pen.green(came ?? '')},${between}${pen.yellow(went ?? '')} ${pen.dim('this month')}`,
  ];
}
