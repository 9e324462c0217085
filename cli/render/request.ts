import type { ChalkInstance } from 'chalk';
import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';
import type { RequestJson } from '../../server/requests/wire.js';
import type { Context } from '../context.js';
import { moneyText } from './money.js';
import type { Field } from './show.js';
import type { Column } from './table.js';
import { localTime, relativeTime, timeUntil } from './time.js';
import { visible } from './visible.js';

type Look = Pick<Context, 'stdout' | 'locale' | 'now'>;

/** Whether the request asks this user for money; usernames are the same in either letter case. */
export function isIncoming({ payer }: RequestJson, username: string): boolean {
  return payer.toLowerCase() === username.toLowerCase();
}

function whoText(request: RequestJson, username: string): string {
  return isIncoming(request, username) ? `${request.requester} asks you` : `you ask ${request.payer}`;
}

function memoText({ memo, reason }: RequestJson): string {
  return [memo ?? '', reason === null ? '' : `“${reason}”`].filter((part) => part !== '').join(' ');
}

/** The columns of a list of requests, as this user sees them; how each ended only where one has. */
export function requestColumns(
  { stdout, locale, now }: Look,
  requests: readonly RequestJson[],
  username: string,
): Column<RequestJson>[] {
  const dim = (text: string) => stdout.pen.dim(text);
  const isAnyOpen = requests.some(({ status }) => status === 'pending');
  const isAnyClosed = requests.some(({ status }) => status !== 'pending');
  return [
    { header: 'when', people: ({ createdAt }) => relativeTime(createdAt, now()), paint: dim },
    { header: 'who', people: (request) => whoText(request, username), mayShrink: true },
    {
      header: 'amount',
      people: ({ amount }) => moneyText(amount, locale),
      align: 'point',
      paint: (text, request) =>
        isIncoming(request, username) ? stdout.pen.yellow(text) : stdout.pen.green(text),
    },
    ...(isAnyClosed ? [{ header: 'status', people: ({ status }: RequestJson) => status }] : []),
    ...(isAnyOpen
      ? [
          {
            header: 'expires',
            people: ({ status, expiresAt }: RequestJson) =>
              status === 'pending' ? timeUntil(expiresAt, now()) : '',
            paint: dim,
          },
        ]
      : []),
    { header: 'memo', people: memoText, mayShrink: true, mayFold: true },
    { header: 'id', people: ({ id }) => id, mayFold: true, paint: dim },
  ];
}

/** The cells of a request for a pipe: id, time, status, direction, with whom, amount, currency, until, memo, reason. */
export function requestCells(request: RequestJson, username: string): string[] {
  const isToMe = isIncoming(request, username);
  return [
    request.id,
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

/** Everything about one request. */
export function requestFields(request: RequestJson, { locale, now }: Look): Field[] {
  const { amount, createdAt, expiresAt, closedAt } = request;
  const past = (at: string) => `${localTime(at)} (${relativeTime(at, now())})`;
  return [
    { label: 'request', people: request.id },
    { label: 'status', people: request.status },
    { label: 'asks', people: request.requester },
    { label: 'is asked', people: request.payer },
    { label: 'amount', people: moneyText(amount, locale), machine: [amount.amount, amount.currency] },
    { label: 'memo', people: request.memo ?? undefined },
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

interface Line {
  readonly width: number;
  readonly pen: ChalkInstance;
  readonly locale: string | undefined;
  readonly now: Date;
}

const leastMemo = 12;

/** A request that waits for this user's answer, in one line; only the memo is cut. */
export function waitingText(
  { requester, amount, memo, createdAt }: RequestJson,
  { width, pen, locale, now }: Line,
): string {
  const [who, money] = [`${visible(requester)} asks you for `, moneyText(amount, locale)];
  const when = `, ${relativeTime(createdAt, now)}`;
  const room = Math.max(leastMemo, width - stringWidth(`${who}${money}: ${when}`));
  const words = memo === null ? '' : `: ${cliTruncate(visible(memo), room)}`;
  return `${who}${pen.yellow(money)}${words}${pen.dim(when)}`;
}
