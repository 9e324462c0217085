import type { StatisticsJson } from '../../server/features/statistics/wire.js';
import type { Run } from '../command.js';
import type { Context } from '../context.js';
import type { PeriodOptions } from '../lists/period-flags.js';
import { summaryPeriod } from '../summaries/summary-period.js';
import { currencyCode } from '../terminal/amount.js';
import { type AsciiOptions, isPlainAscii } from '../terminal/charts/ascii.js';
import { shareBar } from '../terminal/charts/share-bar.js';
import { groupedDigits, moneyText } from '../terminal/money.js';
import { cardRows, cardText, type Field, show, tableText } from '../terminal/show.js';
import type { Column } from '../terminal/table.js';
import { joined, type Shown, shown } from '../terminal/text/shown.js';
import { localTime, relativeTime } from '../terminal/time.js';
import { readerTimeZone } from '../terminal/time-zone.js';

interface StatsOptions extends PeriodOptions, AsciiOptions {
  readonly currency?: string;
}

type Day = StatisticsJson['days'][number];
type Large = StatisticsJson['largest'][number];
type Held = StatisticsJson['currencies'][number];

const barCells = 20;

function fieldsOf({ members, unanswered, refused, since, until }: StatisticsJson): readonly Field[] {
  const { total, active, frozen, administrators } = members;
  const { limits, rates, busy } = refused;
  return [
    { label: 'from', people: localTime(since), machine: [since] },
    { label: 'until', people: localTime(until), machine: [until] },
    {
      label: 'members',
      people: `${total.toLocaleString('en-GB')}, of them ${active.toLocaleString('en-GB')} active, ${frozen} frozen, ${administrators} administrators`,
      machine: [total, active, frozen, administrators].map(String),
    },
    {
      label: 'unanswered',
      people: unanswered === null ? 'more than 10,000 requests' : `${unanswered} requests`,
      machine: [unanswered === null ? '' : String(unanswered)],
    },
    {
      label: 'refused',
      people: `${limits} beyond limits, ${rates} too often, ${busy} too busy, since ${localTime(refused.since)}`,
      machine: [String(limits), String(rates), String(busy), refused.since],
    },
  ];
}

const heldColumns = (locale: string | undefined): readonly Column<Held>[] => [
  { header: 'issued', people: ({ issued }) => moneyText(issued, locale), align: 'point' },
  { header: 'held by users', people: ({ held }) => moneyText(held, locale), align: 'point' },
];

/** A day's volume to the scale of the largest; to be drawn, not to be counted with. */
function dayColumns(
  days: readonly Day[],
  { stdout, locale }: Context,
  isAscii: boolean,
): readonly Column<Day>[] {
  const most = Math.max(...days.map(({ volume }) => Number(volume.amount))) || 1;
  return [
    { header: 'day', people: ({ day }) => day },
    { header: 'volume', people: ({ volume }) => groupedDigits(volume.amount, locale), align: 'right' },
    {
      header: '',
      people: ({ volume }) => shareBar(Number(volume.amount) / most, barCells, isAscii),
      mayFold: true,
      isPlain: true,
      paint: (text) => stdout.pen.green(text),
    },
    {
      header: 'payments',
      people: ({ count }) => count.toLocaleString('en-GB'),
      align: 'right',
      mayFold: 'late',
    },
  ];
}

const largeColumns = ({ stdout, locale, now }: Context): readonly Column<Large>[] => [
  { header: 'sent', people: ({ sent }) => moneyText(sent, locale), align: 'point' },
  { header: 'from', people: ({ from }) => from, mayShrink: true },
  { header: 'to', people: ({ to }) => to, mayShrink: true },
  {
    header: 'when',
    people: ({ createdAt }) => relativeTime(createdAt, now()),
    mayFold: 'late',
    isPlain: true,
  },
  {
    header: 'id',
    people: ({ id }) => id,
    mayFold: true,
    isPlain: true,
    paint: (text) => stdout.pen.dim(text),
  },
];

async function statsText(context: Context, stats: StatisticsJson, isAscii: boolean): Promise<Shown> {
  const { currency, currencies, days, largest } = stats;
  const { pen } = context.stdout;
  const lived = days.toReversed();
  const section = async <Row>(title: string, columns: readonly Column<Row>[], rows: readonly Row[]) =>
    rows.length === 0 ? '' : shown`\n${pen.bold(title)}\n\n${await tableText(context, columns, rows)}`;
  return joined([
    await cardText(context, fieldsOf(stats)),
    await section('Money now', heldColumns(context.locale), currencies),
    await section(`Volume in ${currency}`, dayColumns(lived, context, isAscii), lived),
    await section(`Largest payments in ${currency}`, largeColumns(context), largest),
  ]);
}

const cellsOf = (stats: StatisticsJson): readonly (readonly string[])[] => [
  ...cardRows(fieldsOf(stats)),
  ...stats.currencies.map(({ issued, held }) => ['currency', issued.currency, issued.amount, held.amount]),
  ...stats.days.map(({ day, volume, count }) => ['day', day, volume.amount, volume.currency, String(count)]),
  ...stats.largest.map(({ id, from, to, sent, createdAt }) => [
    ...['payment', id, from, to, sent.amount, sent.currency, createdAt],
  ]),
];

/** Shows how the whole server is doing: members, money, the volume of each day, what waits and what was refused. */
export const stats: Run<StatsOptions> = async (context, [period], options) => {
  const api = await context.api();
  const found = await api.call('GET /v1/admin/stats', {
    query: {
      ...summaryPeriod('day', period, options, context.now()),
      tz: readerTimeZone(),
      currency: currencyCode(options.currency),
    },
  });
  await show(context, {
    json: found,
    people: () => statsText(context, found, isPlainAscii(context, options)),
    machine: () => cellsOf(found),
  });
};
