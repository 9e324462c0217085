import type { EntryRow, PaymentRow } from '../../../../db/tables/payments.js';
import { foldText } from '../../../money/fold-text.js';
import { type Accounts, amountText, type FollowedAccount } from './accounts.js';
import { accountText } from './names.js';
import { faultsOf } from './problems.js';

interface Line {
  readonly entry: EntryRow;
  readonly account: FollowedAccount | undefined;
}

/** Whether the account at one end is the one that the payment says: of that user, or where money is issued. */
function isHeldBy(userId: number | null, account: FollowedAccount | undefined): boolean {
  return userId === null ? account?.row.kind === 'issuance' : account?.row.user_id === userId;
}

/** Whether a payment has the ends of its kind: opening credits come from issuance, adjustments come from or go there. */
function hasItsEnds({ kind, from_user_id, to_user_id }: PaymentRow): boolean {
  switch (kind) {
    case 'opening_credit':
      return from_user_id === null && to_user_id !== null;
    case 'adjustment':
      return (from_user_id === null) !== (to_user_id === null);
    default:
      return from_user_id !== null && to_user_id !== null;
  }
}

function unbalancedCurrencies(lines: readonly Line[]): readonly string[] {
  const sums = new Map<string, number>();
  for (const { entry, account } of lines) {
    const currency = account?.row.currency ?? 'an unknown currency';
    sums.set(currency, (sums.get(currency) ?? 0) + entry.amount);
  }
  return [...sums].flatMap(([currency, sum]) =>
    sum === 0 ? [] : [`has entries that sum to ${amountText(sum, currency)} where they must cancel out`],
  );
}

const isExchange = (line: Line | undefined, currency: string, amount: number) =>
  line?.account?.row.kind === 'exchange' &&
  line.account.row.currency === currency &&
  line.entry.amount === amount;

/** A conversion passes through the exchange account of either currency; nothing else stands between the ends. */
function hasItsMiddle(payment: PaymentRow, lines: readonly Line[]): boolean {
  const middle = lines.slice(1, -1);
  if (payment.sent_currency === payment.received_currency) {
    return middle.length === 0;
  }
  const [taken, given] = middle;
  return (
    middle.length === 2 &&
    isExchange(taken, payment.sent_currency, payment.sent_amount) &&
    isExchange(given, payment.received_currency, -payment.received_amount)
  );
}

/** A receipt is the entry of who receives a transfer. */
function hasItsReceipt({ kind }: PaymentRow, lines: readonly Line[]): boolean {
  return lines.every(
    ({ entry }, index) => entry.kind !== 'receipt' || (kind === 'transfer' && index === lines.length - 1),
  );
}

/** The faults between a payment and its entries, which come in the order of their lines. */
export function paymentFaults(
  payment: PaymentRow,
  entries: readonly EntryRow[],
  accounts: Accounts,
): readonly string[] {
  const lines = entries.map((entry) => ({ entry, account: accounts.get(entry.account_id) }));
  const [first, last] = [lines.at(0), lines.at(-1)];
  const folded = payment.memo === null ? null : foldText(String(payment.memo));
  return [
    ...faultsOf([
      entries.length === 0 && 'has no entries',
      entries.some(({ line }, index) => line !== index + 1) && 'has gaps in the lines of its entries',
      lines.some(({ account }) => account === undefined) && 'has an entry of an account that is not there',
      !hasItsEnds(payment) && `has other ends than a payment of the kind ${payment.kind}`,
      first?.entry.amount !== -payment.sent_amount && 'debits another amount than it says',
      last?.entry.amount !== payment.received_amount && 'credits another amount than it says',
      first?.account?.row.currency !== payment.sent_currency && 'is debited in another currency than it says',
      last?.account?.row.currency !== payment.received_currency &&
        'is credited in another currency than it says',
      !isHeldBy(payment.from_user_id, first?.account) && 'debits an account that is not of its sender',
      !isHeldBy(payment.to_user_id, last?.account) && 'credits an account that is not of its receiver',
      !hasItsReceipt(payment, lines) && 'has a receipt that is not what the receiver of a transfer has',
      !hasItsMiddle(payment, lines) && 'has other entries between its ends than a conversion needs',
      payment.memo_folded !== (folded === payment.memo ? null : folded) &&
        'is searched by another memo than it has',
    ]),
    ...unbalancedCurrencies(lines),
  ];
}

/** Adds the entries to the accounts, and gives what is wrong with what they say is left. */
export function followEntries(entries: readonly EntryRow[], accounts: Accounts): readonly string[] {
  const faults: string[] = [];
  for (const { account_id, amount, balance_after, line } of entries) {
    const account = accounts.get(account_id);
    if (account) {
      const left = account.left + amount;
      account.sum += amount;
      // A difference is told once: what follows is judged by what stands there.
      account.left = balance_after;
      if (left !== balance_after) {
        const { currency } = account.row;
        faults.push(
          `says in line ${line} that ${amountText(balance_after, currency)} is left on ${accountText(account.row)}, where it is ${amountText(left, currency)}`,
        );
      }
    }
  }
  return faults;
}
