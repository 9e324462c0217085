import type { AdminPaymentJson, AdminUserJson } from '../../../server/features/admin/wire.js';
import { formatAmount } from '../../../server/money/format.js';
import type { MoneyJson } from '../../../server/money/wire.js';
import type { Act } from '../../api/operation.js';
import type { Context } from '../../context.js';
import type { ActDescription } from '../../settling/pending.js';
import { moneyText } from '../../terminal/money.js';
import { joined, type Part, type Shown, shown } from '../../terminal/text/shown.js';
import { findUser } from '../act-on-user/ask-user.js';

export type AdjustmentBody = Act<'POST /v1/admin/adjustments'>;

/** An adjustment as the journal keeps it: two of a user by the same amount in the same direction look the same. */
export function adjustmentAct({
  username,
  amount,
  direction,
}: Pick<AdjustmentBody, 'username' | 'amount' | 'direction'>): ActDescription {
  return {
    kind: 'adjustment',
    outcome: `${username} was ${direction}ed ${amount}`,
    marks: [username, amount, direction],
  };
}

export interface Rehearsal {
  readonly user: AdminUserJson;
  readonly judged: AdminPaymentJson;
  /** Null where this program does not know the currency. */
  readonly balanceAfter: MoneyJson | null;
}

const minorOf = ({ amount }: MoneyJson) => BigInt(amount.replace('.', ''));

/** The balance after a credit or a debit; null where that is in another currency. */
export function balanceAfter(
  balance: MoneyJson,
  change: MoneyJson,
  direction: AdjustmentBody['direction'],
): MoneyJson | null {
  if (change.currency !== balance.currency) {
    return null;
  }
  // The server writes all decimals of the currency.
  const digits = balance.amount.split('.')[1]?.length ?? 0;
  const minor = minorOf(balance) + (direction === 'credit' ? minorOf(change) : -minorOf(change));
  return { amount: formatAmount(minor, { digits }), currency: balance.currency };
}

/** What an adjustment would do, judged by the server with the same refusals; nothing happens. @throws Failure */
export async function rehearseAdjustment(context: Context, body: AdjustmentBody): Promise<Rehearsal> {
  const api = await context.api();
  const judged = await api.call('POST /v1/admin/adjustments', { body: { ...body, dryRun: true } });
  const user = await findUser(context, body.username);
  return { user, judged, balanceAfter: balanceAfter(user.balance, judged.sent, body.direction) };
}

type Line = readonly [label: string, value: Part];

/** The text of an adjustment that the administrator must see before saying yes. */
export function adjustmentText(
  { user, judged, balanceAfter }: Rehearsal,
  { direction, reason }: AdjustmentBody,
  { locale, stderr: { pen } }: Pick<Context, 'locale' | 'stderr'>,
): Shown {
  const name = user.displayName === null ? user.username : `${user.username} · ${user.displayName}`;
  const lines: readonly Line[] = [
    ['user', user.status === 'frozen' ? `${name} (frozen)` : name],
    [direction, pen.bold(moneyText(judged.sent, locale))],
    ['reason', reason],
    ['balance now', moneyText(user.balance, locale)],
    ...(balanceAfter === null ? [] : [['balance after', pen.bold(moneyText(balanceAfter, locale))] as const]),
  ];
  const width = Math.max(...lines.map(([label]) => label.length));
  return joined(
    lines.map(([label, value]) => shown`  ${pen.dim(label.padEnd(width))}  ${value}`),
    '\n',
  );
}
