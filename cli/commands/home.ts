import type { Command } from 'commander';
import type { TimeJson } from '../../server/about/wire.js';
import type { UserJson } from '../../server/accounts/wire.js';
import type { PaymentJson } from '../../server/payments/wire.js';
import type { Api } from '../api.js';
import type { Start } from '../command.js';
import type { Context } from '../context.js';
import { Failure } from '../failure.js';
import { withExamples } from '../help.js';
import type { ListJson } from '../list-json.js';
import { payerOf } from '../payments/payer.js';
import { openJournal, type PendingPayment } from '../payments/pending.js';
import { padStart } from '../render/align.js';
import { moneyHeadline } from '../render/money.js';
import { paymentCells, paymentColumns } from '../render/payment.js';
import { shellCommand } from '../render/shell-quote.js';
import { show, tableText } from '../render/show.js';
import { visible } from '../render/visible.js';

interface Home {
  /** Null while the timestamp service does not answer. */
  readonly time: string | null;
  readonly user: UserJson;
  readonly payments: readonly PaymentJson[];
  /** Payments of this account whose outcome is not known yet. */
  readonly unsettled: readonly PendingPayment[];
}

const recentCount = 8;

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
  const [time, user, payments] = await Promise.all([
    timeOf(api),
    api.json<UserJson>({ method: 'GET', path: '/v1/me' }),
    api.json<ListJson<PaymentJson>>({
      method: 'GET',
      path: '/v1/payments',
      query: { limit: String(recentCount) },
    }),
  ]);
  const payer = await payerOf(context);
  const pending = await openJournal(context.folder).list();
  const unsettled = pending.filter((one) => one.server === payer.server && one.user === payer.user);
  return { time, user, payments: payments.data, unsettled };
}

function homeText(context: Context, { time, user, payments, unsettled }: Home): string {
  const { pen, width } = context.stdout;
  const name = visible(user.username);
  const clock = time === null ? 'the timestamp service does not answer' : `${visible(time)} UTC`;
  const recent =
    payments.length === 0
      ? pen.dim('No payments yet. Pay somebody: pay send\n')
      : tableText(context, paymentColumns(context, payments, false), payments);
  return [
    `${pen.bold(name)}${pen.dim(padStart(clock, Math.max(clock.length + 2, Math.min(width, 100) - name.length)))}`,
    '',
    `${pen.bold(moneyHeadline(user.balance, context.locale))}  ${pen.dim(`balance in ${visible(user.currency)}`)}`,
    ...(user.status === 'frozen' ? [pen.yellow('This account is frozen: it can receive, not pay.')] : []),
    ...unsettled.map(
      ({ body, command }) =>
        `${pen.yellow(`The outcome of a payment to ${visible(body.to)} is not known. Settle it:`)}\n  ${shellCommand(command)}`,
    ),
    '',
    recent,
  ].join('\n');
}

async function home(context: Context): Promise<void> {
  const facts = await fetchHome(context);
  const { time, user, payments, unsettled } = facts;
  await show(context, {
    json: {
      currentTime: time,
      user,
      payments,
      unsettled: unsettled.map(({ command }) => shellCommand(command)),
    },
    people: () => homeText(context, facts),
    machine: () => [
      ['time', time ?? ''],
      ['username', user.username],
      ['balance', user.balance.amount, user.balance.currency],
      ...unsettled.map(({ command }) => ['unsettled', shellCommand(command)]),
      ...payments.map((payment) => ['payment', ...paymentCells(payment)]),
    ],
  });
}

export function define(command: Command, start: Start): void {
  withExamples(command, ['pay', 'pay home --json']).action(start(home));
}
