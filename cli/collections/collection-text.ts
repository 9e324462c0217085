import type { CollectionJson } from '../../server/features/collections/wire.js';
import type { Context } from '../context.js';
import { type AsciiOptions, isPlainAscii } from '../terminal/charts/ascii.js';
import { shareBar } from '../terminal/charts/share-bar.js';
import { groupedDigits, moneyText } from '../terminal/money.js';
import type { Field } from '../terminal/show.js';
import type { Column } from '../terminal/table.js';
import { localTime, relativeTime, timeUntil } from '../terminal/time.js';

const barCells = 10;

type Counted = Pick<CollectionJson, 'people' | 'counts'>;

/** How many of a collection's people have paid, as a bar. */
const paidBar = ({ people, counts }: Counted, isAscii: boolean, cells = barCells): string =>
  shareBar(people === 0 ? 0 : counts.paid / people, cells, isAscii);

/** What is still to come of a collection, or how it ended. */
function stateText({ status, expiresAt, closedAt }: CollectionJson, now: Date): string {
  if (status === 'open') {
    return `ends ${timeUntil(expiresAt, now)}`;
  }
  return `${status} ${relativeTime(closedAt ?? expiresAt, now)}`;
}

/** The sum that has come in beside what was asked for. */
const sumText = ({ collected, asked }: CollectionJson, locale: string | undefined) =>
  `${groupedDigits(collected.amount, locale)} of ${moneyText(asked, locale)}`;

/** The columns of a list of collections. */
export function collectionColumns(context: Context, options: AsciiOptions): Column<CollectionJson>[] {
  const { stdout, locale, now } = context;
  const dim = (text: string) => stdout.pen.dim(text);
  const isAscii = isPlainAscii(context, options);
  return [
    { header: 'collection', people: ({ name }) => name, mayShrink: true },
    { header: 'paid', people: ({ counts, people }) => `${counts.paid} of ${people}`, align: 'right' },
    {
      header: '',
      people: (one) => paidBar(one, isAscii),
      mayFold: 'late',
      isPlain: true,
      paint: (text) => stdout.pen.green(text),
    },
    {
      header: 'came in',
      people: (one) => sumText(one, locale),
      align: 'right',
      mayFold: true,
      isPlain: true,
    },
    { header: '', people: (one) => stateText(one, now()), mayFold: true, isPlain: true, paint: dim },
    { header: 'id', people: ({ id }) => id, mayFold: true, isPlain: true, paint: dim },
  ];
}

/** The names of a collection's cells, for a pipe. */
export const collectionCellNames = [
  ...['id', 'name', 'status', 'people', 'paid', 'pending', 'declined', 'cancelled', 'expired'],
  ...['collected', 'asked', 'currency', 'createdAt', 'expiresAt', 'closedAt'],
];

/** The cells of a collection for a pipe, by these names. */
export function collectionCells(one: CollectionJson): string[] {
  const { paid, pending, declined, cancelled, expired } = one.counts;
  return [
    ...[one.id, one.name, one.status],
    ...[one.people, paid, pending, declined, cancelled, expired].map(String),
    ...[one.collected.amount, one.asked.amount, one.asked.currency],
    ...[one.createdAt, one.expiresAt, one.closedAt ?? ''],
  ];
}

/** How many have not paid, in words: what they did instead. */
function restText({ counts }: Counted): string | undefined {
  const rest = (['pending', 'declined', 'cancelled', 'expired'] as const)
    .filter((status) => counts[status] > 0)
    .map((status) => `${counts[status]} ${status}`);
  return rest.length === 0 ? undefined : rest.join(', ');
}

/** The fields of one collection. */
export function collectionFields(
  one: CollectionJson,
  context: Context,
  options: AsciiOptions = {},
): readonly Field[] {
  const { locale, now } = context;
  const { counts, people, collected, asked, createdAt, expiresAt, closedAt } = one;
  const bar = paidBar(one, isPlainAscii(context, options), 2 * barCells);
  return [
    { label: 'collection', people: one.name },
    { label: 'id', people: one.id },
    { label: 'status', people: one.status },
    {
      label: 'paid',
      people: `${bar} ${counts.paid} of ${people}`,
      machine: [String(counts.paid), String(people)],
    },
    {
      label: 'came in',
      people: sumText(one, locale),
      machine: [collected.amount, asked.amount, asked.currency],
    },
    { label: 'the rest', people: restText(one) },
    { label: 'since', people: localTime(createdAt), machine: [createdAt] },
    {
      label: one.status === 'open' ? 'ends' : 'ended',
      people:
        one.status === 'open'
          ? `${localTime(expiresAt)} (${timeUntil(expiresAt, now())})`
          : localTime(closedAt ?? expiresAt),
      machine: [closedAt ?? expiresAt],
    },
  ];
}
