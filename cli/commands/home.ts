import type { Command } from 'commander';
import type { TimeJson } from '../../server/about/wire.js';
import type { UserJson } from '../../server/accounts/wire.js';
import type { PaymentJson } from '../../server/payments/wire.js';
import type { RequestJson } from '../../server/requests/wire.js';
import type { Api } from '../api.js';
import type { Start } from '../command.js';
import type { Context } from '../context.js';
import { Failure } from '../failure.js';
import { withExamples } from '../help.js';
import type { ListJson } from '../list-json.js';
import { payerOf } from '../payments/payer.js';
import { listUnsettled, type Unsettled } from '../payments/unsettled.js';
import { padStart } from '../render/align.js';
import { moneyHeadline } from '../render/money.js';
import { paymentCells, paymentColumns } from '../render/payment.js';
import { requestCells, waitingText } from '../render/request.js';
import { show, tableText } from '../render/show.js';
import { visible } from '../render/visible.js';

interface Home {
  /** Null while the timestamp service does not answer. */
  readonly time: string | null;
  readonly user: UserJson;
  readonly payments: readonly PaymentJson[];
  /** Pending requests that ask this user for money. */
  readonly requests: readonly RequestJson[];
  readonly hasMoreRequests: boolean;
  /** What this account has begun whose outcome is not known yet. */
  readonly unsettled: readonly Unsettled[];
}

const recentCount = 8;
const requestCount = 5;

async function timeOf(api: Api): Promise<string | null> {
  try {
    return (await api.json<TimeJson>({ method: 'GET', path: '/v1/time' })).currentTime;
  } catch (error) {
    if (error instanceof Failure && error.details.problem?.code === 'CLOCK_UNAVAILABLE') {
      return null;
    }
    throw error;
  }
}

async function fetchHome(context: Context): Promise<Home> {
  await context.token();
  const api = await context.api();
  const [time, user, payments, requests] = await Promise.all([
    timeOf(api),
    api.json<UserJson>({ method: 'GET', path: '/v1/me' }),
    api.json<ListJson<PaymentJson>>({
      method: 'GET',
      path: '/v1/payments',
      query: { limit: String(recentCount) },
    }),
    api.json<ListJson<RequestJson>>({
      method: 'GET',
      path: '/v1/requests',
      query: { direction: 'incoming', status: 'pending', limit: String(requestCount) },
    }),
  ]);
  const unsettled = await listUnsettled(context.folder, await payerOf(context));
  return {
    time,
    user,
    payments: payments.data,
    requests: requests.data,
    hasMoreRequests: requests.nextCursor !== null,
    unsettled,
  };
}

function requestLines(context: Context, { requests, hasMoreRequests }: Home): string[] {
  const { stdout, locale, now } = context;
  const { pen } = stdout;
  if (requests.length === 0) {
    return [];
  }
  const lines = requests.flatMap((request) => [
    waitingText(request, { width: stdout.width, pen, locale, now: now() }),
    pen.dim(`  pay requests accept ${visible(request.id)}`),
  ]);
  const rest = hasMoreRequests ? [pen.dim('There are more: pay requests --incoming')] : [];
  return ['', pen.dim('waiting for your answer (or: pay requests decline <id>)'), ...lines, ...rest];
}

async function homeText(context: Context, home: Home): Promise<string> {
  const { time, user, payments, unsettled } = home;
  const { pen, width } = context.stdout;
  const name = visible(user.username);
  const clock = time === null ? 'the timestamp service does not answer' : `${visible(time)} UTC`;
  const recent =
    payments.length === 0
      ? pen.dim('No payments yet. Pay somebody: pay send\n')
      : await tableText(context, paymentColumns(context, payments, false), payments);
  return [
    `${pen.bold(name)}${pen.dim(padStart(clock, Math.max(clock.length + 2, Math.min(width, 100) - name.length)))}`,
    '',
    `${pen.bold(moneyHeadline(user.balance, context.locale))}  ${pen.dim(`balance in ${visible(user.currency)}`)}`,
    ...(user.status === 'frozen' ? [pen.yellow('This account is frozen: it can receive, not pay.')] : []),
    ...unsettled.map(({ text, settle }) => `${pen.yellow(`${visible(text)} Settle it:`)}\n  ${settle}`),
    ...requestLines(context, home),
    '',
    recent,
  ].join('\n');
}

async function home(context: Context): Promise<void> {
  const facts = await fetchHome(context);
  const { time, user, payments, requests, unsettled } = facts;
  await show(context, {
    json: {
      currentTime: time,
      user,
      payments,
      requests,
      unsettled: unsettled.map(({ settle }) => settle),
    },
    people: () => homeText(context, facts),
    machine: () => [
      ['time', time ?? ''],
      ['username', user.username],
      ['balance', user.balance.amount, user.balance.currency],
      ...unsettled.map(({ settle }) => ['unsettled', settle]),
      ...requests.map((request) => ['request', ...requestCells(request, user.username)]),
      ...payments.map((payment) => ['payment', ...paymentCells(payment)]),
    ],
  });
}

export function define(command: Command, start: Start): void {
  withExamples(command, ['pay', 'pay home --json']).action(start(home));
}
