import type { RequestJson } from '../../server/features/requests/wire.js';
import type { Context } from '../context.js';
import { bareName, fetchNames, type NameOf } from '../people/names.js';
import { moneyText } from '../terminal/money.js';
import { type Field, showCard } from '../terminal/show.js';
import type { Column } from '../terminal/table.js';
import { localTime, relativeTime, timeUntil } from '../terminal/time.js';

/** A request, also as it would be: without an id. */
type SeenRequest = Omit<RequestJson, 'id'> & { readonly id: string | null };

type Look = Pick<Context, 'stdout' | 'locale' | 'now'>;

/** Whether the request asks this user for money; usernames are the same in either letter case. */
export function isIncoming({ payer }: Pick<RequestJson, 'payer'>, username: string): boolean {
  return payer.toLowerCase() === username.toLowerCase();
}

/** The names by which the sides of these requests are told to a person. */
export const sideNames = (
  context: Context,
  requests: readonly Pick<RequestJson, 'requester' | 'payer'>[],
): Promise<NameOf> =>
  fetchNames(
    context,
    requests.flatMap(({ requester, payer }) => [requester, payer]),
  );

function whoText(request: SeenRequest, username: string, nameOf: NameOf): string {
  return isIncoming(request, username)
    ? `${nameOf(request.requester)} asks you`
    : `you ask ${nameOf(request.payer)}`;
}

function memoText({ memo, reason }: SeenRequest): string {
  return [memo ?? '', reason === null ? '' : `“${reason}”`].filter((part) => part !== '').join(' ');
}

/** The columns of a list of requests, as this user sees them; how each ended only where one has. */
export function requestColumns(
  { stdout, locale, now }: Look,
  requests: readonly SeenRequest[],
  username: string,
  nameOf: NameOf = bareName,
): Column<SeenRequest>[] {
  const dim = (text: string) => stdout.pen.dim(text);
  const isAnyOpen = requests.some(({ status }) => status === 'pending');
  const isAnyClosed = requests.some(({ status }) => status !== 'pending');
  return [
    {
      header: 'when',
      people: ({ createdAt }) => relativeTime(createdAt, now()),
      mayFold: 'late',
      isPlain: true,
      paint: dim,
    },
    { header: 'who', people: (request) => whoText(request, username, nameOf), mayShrink: true },
    {
      header: 'amount',
      people: ({ amount }) => moneyText(amount, locale),
      align: 'point',
      paint: (text, request) =>
        isIncoming(request, username) ? stdout.pen.yellow(text) : stdout.pen.green(text),
    },
    ...(isAnyClosed ? [{ header: 'status', people: ({ status }: SeenRequest) => status }] : []),
    ...(isAnyOpen
      ? [
          {
            header: 'expires',
            people: ({ status, expiresAt }: SeenRequest) =>
              status === 'pending' ? timeUntil(expiresAt, now()) : '',
            mayFold: 'late' as const,
            paint: dim,
          },
        ]
      : []),
    { header: 'id', people: ({ id }) => id ?? '', mayFold: true, paint: dim },
    { header: 'memo', people: memoText, mayShrink: true, mayFold: true },
  ];
}

/** The names of a request's cells, for a pipe. */
export const requestCellNames = [
  ...['id', 'createdAt', 'status', 'direction', 'counterparty', 'amount', 'currency'],
  ...['expiresAt', 'memo', 'reason'],
];

/** The cells of a request for a pipe, by these names. */
export function requestCells(request: SeenRequest, username: string): string[] {
  const isToMe = isIncoming(request, username);
  return [
    request.id ?? '',
    request.createdAt,
    request.status,
    isToMe ? 'incoming' : 'outgoing',
    isToMe ? request.requester : request.payer,
    request.amount.amount,
    request.amount.currency,
    request.expiresAt,
    request.memo ?? '',
    request.reason ?? '',
  ];
}

/** The fields of one request. */
export function requestFields(
  request: SeenRequest,
  { locale, now }: Look,
  nameOf: NameOf = bareName,
): Field[] {
  const { amount, createdAt, expiresAt, closedAt } = request;
  const past = (at: string) => `${localTime(at)} (${relativeTime(at, now())})`;
  return [
    { label: 'request', people: request.id ?? undefined },
    { label: 'status', people: request.status },
    { label: 'asks', people: nameOf(request.requester), machine: [request.requester] },
    { label: 'is asked', people: nameOf(request.payer), machine: [request.payer] },
    { label: 'amount', people: moneyText(amount, locale), machine: [amount.amount, amount.currency] },
    { label: 'memo', people: request.memo ?? undefined },
    { label: 'collection', people: request.collectionId ?? undefined },
    { label: 'reason', people: request.reason ?? undefined },
    { label: 'payment', people: request.paymentId ?? undefined },
    { label: 'time', people: past(createdAt), machine: [createdAt] },
    {
      label: 'expires',
      people:
        request.status === 'pending' ? `${localTime(expiresAt)} (${timeUntil(expiresAt, now())})` : undefined,
      machine: [expiresAt],
    },
    {
      label: 'closed',
      people: closedAt === null ? undefined : past(closedAt),
      machine: [closedAt ?? ''],
    },
  ];
}

/** The columns of requests that wait for this user's answer. */
export function waitingColumns(
  { stdout, locale, now }: Look,
  nameOf: NameOf = bareName,
): Column<RequestJson>[] {
  const dim = (text: string) => stdout.pen.dim(text);
  return [
    {
      header: 'asked',
      people: ({ createdAt }) => relativeTime(createdAt, now()),
      mayFold: 'late',
      isPlain: true,
      paint: dim,
    },
    { header: 'by', people: ({ requester }) => nameOf(requester), mayShrink: true },
    {
      header: 'amount',
      people: ({ amount }) => moneyText(amount, locale),
      align: 'point',
      paint: (text) => stdout.pen.yellow(text),
    },
    { header: 'id', people: ({ id }) => id, mayFold: true, paint: dim },
    { header: 'memo', people: memoText, mayShrink: true, mayFold: true },
  ];
}

/** Shows one request whole, its sides by name. */
export async function showRequest(context: Context, request: SeenRequest): Promise<void> {
  await showCard(context, request, requestFields(request, context, await sideNames(context, [request])));
}
