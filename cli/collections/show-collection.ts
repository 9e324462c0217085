import type { CollectionJson } from '../../server/features/collections/wire.js';
import type { RequestJson } from '../../server/features/requests/wire.js';
import type { Answer } from '../api/operation.js';
import type { Run } from '../command.js';
import type { Context } from '../context.js';
import { fetchNames, type NameOf } from '../people/names.js';
import type { AsciiOptions } from '../terminal/charts/ascii.js';
import { moneyText } from '../terminal/money.js';
import { cardRows, cardText, show, tableText } from '../terminal/show.js';
import type { Column } from '../terminal/table.js';
import { type Shown, shown } from '../terminal/text/shown.js';
import { relativeTime } from '../terminal/time.js';
import { chooseCollection } from './choose-collection.js';
import { collectionFields } from './collection-text.js';

type ShownCollection = Answer<'GET /v1/collections/{id}'>;

function personColumns({ stdout, locale, now }: Context, nameOf: NameOf): readonly Column<RequestJson>[] {
  const dim = (text: string) => stdout.pen.dim(text);
  return [
    { header: 'who', people: ({ payer }) => nameOf(payer), mayShrink: true },
    {
      header: 'status',
      people: ({ status }) => status,
      paint: (text, { status }) => (status === 'paid' ? stdout.pen.green(text) : text),
    },
    { header: 'amount', people: ({ amount }) => moneyText(amount, locale), align: 'point' },
    {
      header: 'when',
      people: ({ closedAt }) => (closedAt === null ? '' : relativeTime(closedAt, now())),
      mayFold: 'late',
      isPlain: true,
      paint: dim,
    },
    { header: 'id', people: ({ id }) => id, mayFold: true, isPlain: true, paint: dim },
  ];
}

/** In which order people are shown: those who are still to answer first, then by name. */
const orders: Readonly<Record<RequestJson['status'], number>> = {
  ...{ pending: 0, declined: 1, expired: 2, cancelled: 3, paid: 4 },
};

const inOrder = (requests: readonly RequestJson[]) =>
  requests.toSorted(
    (one, other) => orders[one.status] - orders[other.status] || (one.payer < other.payer ? -1 : 1),
  );

async function peopleText(context: Context, one: ShownCollection, options: AsciiOptions): Promise<Shown> {
  const requests = inOrder(one.requests);
  const nameOf = await fetchNames(
    context,
    requests.map(({ payer }) => payer),
  );
  const card = await cardText(context, collectionFields(one, context, options));
  const table = await tableText(context, personColumns(context, nameOf), requests);
  return shown`${card}\n${table}`;
}

const personCells = ({ payer, status, amount, id, closedAt }: RequestJson) => [
  ...['person', payer, status, amount.amount, amount.currency, id, closedAt ?? ''],
];

/** Shows one collection whole, with who has paid. */
async function showWhole(context: Context, one: ShownCollection, options: AsciiOptions): Promise<void> {
  await show(context, {
    json: one,
    people: () => peopleText(context, one, options),
    machine: () => [
      ...cardRows(collectionFields(one, context, options)),
      ...inOrder(one.requests).map(personCells),
    ],
  });
}

/** Shows what a collection has come to, as its card. */
export async function showSummary(context: Context, one: CollectionJson, json: object): Promise<void> {
  const fields = collectionFields(one, context);
  await show(context, { json, people: () => cardText(context, fields), machine: () => cardRows(fields) });
}

export const showCollection: Run<AsciiOptions> = async (context, [given], options) => {
  const id = await chooseCollection(context, given, 'Which collection?');
  const api = await context.api();
  const one = await api.call('GET /v1/collections/{id}', {
    params: { id },
    ifNotFound: ['See: pay collections --all'],
  });
  await showWhole(context, one, options);
};
