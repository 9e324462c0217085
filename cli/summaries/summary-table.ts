import type { SummaryJson } from '../../server/features/summaries/wire.js';
import type { Context } from '../context.js';
import { fetchNames, type NameOf } from '../people/names.js';
import { type Flow, twoWayBars } from '../terminal/charts/bars.js';
import { groupedDigits } from '../terminal/money.js';
import { tableText } from '../terminal/show.js';
import type { Column } from '../terminal/table.js';
import { joined, type Shown, shown } from '../terminal/text/shown.js';
import { type Figures, flowOf, type Group } from './figures.js';
import { groupLabel, labelHeaders } from './group-label.js';

interface Row {
  readonly label: string;
  readonly figures: Figures;
  /** The bar of the line; none for the sum of all, beside which the others would be short. */
  readonly bar: string;
}

const widestBar = 61;
const leastBar = 13;
const gap = 2;

function amountColumn(
  name: 'in' | 'out' | 'net',
  { stdout: { pen }, locale }: Context,
  mayFold?: 'late',
): Column<Row> {
  const paint = { in: pen.green, out: pen.yellow, net: undefined }[name];
  return {
    header: name,
    people: ({ figures }) => groupedDigits(figures[name].amount, locale),
    align: 'right',
    ...(mayFold && { mayFold }),
    ...(paint && { paint }),
  };
}

function columnsOf(context: Context, header: string): readonly Column<Row>[] {
  return [
    { header, people: ({ label }) => label, mayShrink: true, leastWidth: 8 },
    amountColumn('in', context),
    amountColumn('out', context),
    { header: 'out │ in', people: ({ bar }) => bar, mayFold: true, isPlain: true },
    amountColumn('net', context, 'late'),
    { header: 'payments', people: ({ figures }) => String(figures.count), align: 'right', mayFold: 'late' },
  ];
}

/** The cells that the other columns of the line leave for a bar; where those are few it has a line of its own. */
async function barWidth(context: Context, rows: readonly Row[], columns: readonly Column<Row>[]) {
  const { widest } = await import('../terminal/text/align.js');
  const others = columns.filter(({ header }) => !header.startsWith('out │'));
  const taken = others.map((column) => widest([column.header, ...rows.map(column.people)]) + gap);
  const room = context.stdout.width - taken.reduce((sum, width) => sum + width, 0);
  return Math.min(widestBar, room < leastBar ? context.stdout.width - gap : room);
}

const isOfCurrency =
  (currency: string) =>
  ({ in: { currency: own } }: Figures) =>
    own === currency;

interface Look {
  readonly isAscii: boolean;
  readonly nameOf: NameOf;
}

/** A table of the groups in one currency, with bars to one scale, and the sum of all below them. */
async function currencyTable(
  context: Context,
  { by, data, totals }: SummaryJson,
  currency: string,
  { isAscii, nameOf }: Look,
): Promise<Shown> {
  // Steps stand in the order in which one lived through them.
  const groups = data.filter(isOfCurrency(currency));
  const ordered: readonly Group[] = groups[0]?.since == null ? groups : groups.toReversed();
  const plain = ordered.map((figures) => ({ label: groupLabel(by, figures.key, nameOf), figures, bar: '' }));
  const total = totals.filter(isOfCurrency(currency)).map((figures) => ({ label: 'all', figures, bar: '' }));
  const header = isAscii ? 'out | in' : 'out │ in';
  const columns = columnsOf(context, labelHeaders[by]).map((column) =>
    column.header === 'out │ in' ? { ...column, header } : column,
  );
  const width = await barWidth(context, [...plain, ...total], columns);
  const flows: readonly Flow[] = ordered.map(flowOf);
  const bars = twoWayBars(flows, width, isAscii);
  const rows = plain.map((row, at) => ({ ...row, bar: bars[at] ?? '' }));
  return tableText(context, columns, rows.length > 1 ? [...rows, ...total] : rows);
}

/** A summary as people read it: its time, and a table for each currency. */
export async function summaryText(context: Context, summary: SummaryJson, isAscii: boolean): Promise<Shown> {
  const { dayOf, lastDayBefore } = await import('../terminal/period.js');
  const { pen } = context.stdout;
  const { by, data, totals, since, until } = summary;
  const nameOf = await fetchNames(context, by === 'counterparty' ? data.map(({ key }) => key) : []);
  const parts = totals.map(async ({ in: { currency } }) => {
    const head = pen.bold(`${dayOf(since)} to ${lastDayBefore(until)}, in ${currency}`);
    return shown`${head}\n\n${await currencyTable(context, summary, currency, { isAscii, nameOf })}`;
  });
  return joined(await Promise.all(parts), '\n');
}

/** The names of a group's cells, for a pipe. */
export const summaryCellNames = ['key', 'in', 'out', 'net', 'currency', 'count', 'since', 'until'];

export const summaryCells = (group: Group): readonly string[] => [
  group.key ?? '',
  group.in.amount,
  group.out.amount,
  group.net.amount,
  group.in.currency,
  String(group.count),
  group.since ?? '',
  group.until ?? '',
];
