import type { Command } from 'commander';
import type { UserJson } from '../../server/features/accounts/wire.js';
import type { PaymentJson } from '../../server/features/payments/wire.js';
import type { RequestJson } from '../../server/features/requests/wire.js';
import type { Api } from '../api/api.js';
import { isRefusedFor } from '../api/verdict.js';
import type { Run, Start } from '../command.js';
import type { Context } from '../context.js';
import { withExamples } from '../help/help.js';
import { partyNames, paymentCells, paymentColumns } from '../history/payment-text.js';
import { fetchNames } from '../people/names.js';
import { requestCells, waitingColumns } from '../requests/request-text.js';
import type { Unsettled } from '../settling/journal.js';
import { payerOf } from '../settling/payer.js';
import { type AsciiOptions, addAsciiFlag, isPlainAscii } from '../terminal/charts/ascii.js';
import { moneyHeadline } from '../terminal/money.js';
import { show, tableText } from '../terminal/show.js';
import { wordsAsCalled } from '../terminal/text/as-called.js';
import { joined, type Shown, shown } from '../terminal/text/shown.js';
import { visible } from '../terminal/text/visible.js';
import { fetchLately, type Lately, latelyLines } from './lately.js';
import { listUnsettled } from './unsettled.js';

interface Home {
  /** Null while the timestamp service does not answer. */
  readonly time: string | null;
  readonly user: UserJson;
  readonly lately: Lately;
  readonly payments: readonly PaymentJson[];
  /** Pending requests that ask this user for money. */
  readonly requests: readonly RequestJson[];
  readonly hasMoreRequests: boolean;
  /** What this account has begun whose outcome is not known yet, with the commands as they are typed here. */
  readonly unsettled: readonly Unsettled[];
  readonly isAscii: boolean;
}

const recentCount = 8;
const requestCount = 5;
/** The widest head of the page, in columns: the time does not stand farther from the name than an eye goes. */
const widestHead = 100;

async function timeOf(api: Api): Promise<string | null> {
  try {
    return (await api.call('GET /v1/time')).currentTime;
  } catch (error) {
    if (isRefusedFor(error, 'CLOCK_UNAVAILABLE')) {
      return null;
    }
    throw error;
  }
}

async function fetchHome(context: Context, options: AsciiOptions): Promise<Home> {
  await context.token();
  const api = await context.api();
  const [time, user, lately, payments, requests] = await Promise.all([
    timeOf(api),
    api.call('GET /v1/me'),
    fetchLately(api, context.now()),
    api.call('GET /v1/payments', {
      query: { limit: String(recentCount) },
    }),
    api.call('GET /v1/requests', {
      query: { direction: 'incoming', status: 'pending', limit: String(requestCount) },
    }),
  ]);
  const open = await listUnsettled(context.folder, await payerOf(context));
  return {
    time,
    user,
    lately,
    payments: payments.data,
    requests: requests.data,
    hasMoreRequests: requests.nextCursor !== null,
    unsettled: open.map(({ text, settle }) => ({
      text,
      settle: wordsAsCalled(settle, context.calledAs),
    })),
    isAscii: isPlainAscii(context, options),
  };
}

/** The head of the page: what the account has and what is wrong with it, below its name and the time of the timestamp service. */
async function headText(context: Context, { time, user, lately, unsettled, isAscii }: Home): Promise<Shown> {
  const { padStart, widest } = await import('../terminal/text/align.js');
  const { pen, width } = context.stdout;
  const name = visible(user.username);
  const clock = time === null ? 'the timestamp service does not answer' : `${time} UTC`;
  const room = Math.min(width, widestHead) - widest([name]);
  const isOneLine = room >= widest([clock]) + 2;
  const lines = [
    shown`${pen.bold(name)}${isOneLine ? pen.dim(padStart(clock, room)) : shown`\n${pen.dim(clock)}`}`,
    '',
    shown`${pen.bold(moneyHeadline(user.balance, context.locale))}  ${pen.dim(`balance in ${user.currency}`)}`,
    ...latelyLines(context, lately, isAscii),
    ...(user.status === 'frozen' ? [pen.yellow('This account is frozen: it can receive, not pay.')] : []),
    ...unsettled.map(({ text, settle }) => shown`${pen.yellow(`${text} Settle it:`)}\n  ${settle}`),
    '',
  ];
  return joined(lines, '\n');
}

async function requestsText(context: Context, { requests, hasMoreRequests }: Home): Promise<Shown> {
  if (requests.length === 0) {
    return shown``;
  }
  const { pen } = context.stdout;
  const nameOf = await fetchNames(
    context,
    requests.map(({ requester }) => requester),
  );
  const table = await tableText(context, waitingColumns(context, nameOf), requests);
  const hint = (text: string) => shown`${pen.dim(context.hint(text))}\n`;
  return joined([
    shown`\n${pen.bold('Waiting for your answer')}\n`,
    table,
    ...(hasMoreRequests ? [hint('There are more: pay requests --incoming')] : []),
    hint('Pay one: pay requests accept'),
    hint('Say no to one: pay requests decline'),
  ]);
}

async function paymentsText(context: Context, { payments }: Home): Promise<Shown> {
  const { pen } = context.stdout;
  if (payments.length === 0) {
    return shown`\n${pen.dim(context.hint('No payments yet. Pay somebody: pay send'))}\n`;
  }
  const columns = paymentColumns(context, payments, false, await partyNames(context, payments));
  return shown`\n${pen.bold('Lately')}\n${await tableText(context, columns, payments)}`;
}

async function homeText(context: Context, home: Home): Promise<Shown> {
  const parts = [headText, requestsText, paymentsText].map((part) => part(context, home));
  return joined(await Promise.all(parts));
}

const home: Run<AsciiOptions> = async (context, _operands, options) => {
  const facts = await fetchHome(context, options);
  const { time, user, lately, payments, requests, unsettled } = facts;
  await show(context, {
    json: {
      currentTime: time,
      user,
      lately,
      payments,
      requests,
      unsettled: unsettled.map(({ settle }) => settle),
    },
    people: () => homeText(context, facts),
    machine: () => [
      ['time', time ?? ''],
      ['username', user.username],
      ['balance', user.balance.amount, user.balance.currency],
      ['in', lately.month.in.amount, lately.month.in.currency],
      ['out', lately.month.out.amount, lately.month.out.currency],
      ...unsettled.map(({ settle }) => ['unsettled', settle]),
      ...requests.map((request) => ['request', ...requestCells(request, user.username)]),
      ...payments.map((payment) => ['payment', ...paymentCells(payment)]),
    ],
  });
};

export function define(command: Command, start: Start): void {
  addAsciiFlag(withExamples(command, ['pay', 'pay home --json'])).action(start(home));
}
