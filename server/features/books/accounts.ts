import type { AccountRow } from '../../../db/tables/users.js';
import { findCurrency } from '../../money/currency.js';
import { formatAmount } from '../../money/format.js';
import { exact, faultsOf } from './problems.js';
import type { CurrencyBooksJson } from './wire.js';

/** An account with what its entries, as far as they were followed, have left on it. */
export interface FollowedAccount {
  readonly row: AccountRow;
  /** The sum of its entries, in minor units. */
  sum: number;
  /** What the newest of them says is left, in minor units. */
  left: number;
}

export type Accounts = Map<number, FollowedAccount>;

/** An amount for people; one in a currency that is not known is told in its smallest units. */
export function amountText(minor: number | bigint, code: string): string {
  const currency = findCurrency(code);
  const isExact = typeof minor === 'bigint' || Number.isSafeInteger(minor);
  return currency && isExact ? `${formatAmount(minor, currency)} ${code}` : `${minor} minor units of ${code}`;
}

/** Whether an account says that its currency is used; those of the system stay when one that nobody has used goes. */
const isInUse = ({ kind, balance }: AccountRow): boolean => kind === 'customer' || balance !== 0;

/** The faults of an account once all entries were followed. */
export function accountFaults({ row, sum, left }: FollowedAccount): readonly string[] {
  const { balance, currency, kind } = row;
  const text = (minor: number) => amountText(minor, currency);
  return faultsOf([
    balance !== sum && `has a balance of ${text(balance)}, its entries give ${text(sum)}`,
    balance !== left && `has a balance of ${text(balance)}, its newest entry leaves ${text(left)}`,
    kind === 'customer' && balance < 0 && `has a negative balance of ${text(balance)}`,
    findCurrency(currency) === undefined &&
      isInUse(row) &&
      `is kept in ${currency}, which is no currency here`,
  ]);
}

interface Totals {
  sum: bigint;
  issued: bigint;
  users: bigint;
  exchange: bigint;
  /** Whether somebody keeps an account in it, or anything was ever moved. */
  isUsed: boolean;
}

function totalsOf(accounts: Accounts): ReadonlyMap<string, Totals> {
  const byCurrency = new Map<string, Totals>();
  for (const { row } of accounts.values()) {
    const totals = byCurrency.get(row.currency) ?? {
      sum: 0n,
      issued: 0n,
      users: 0n,
      exchange: 0n,
      isUsed: false,
    };
    byCurrency.set(row.currency, totals);
    const balance = exact(row.balance);
    totals.sum += balance;
    totals.isUsed ||= isInUse(row);
    if (row.kind === 'issuance') {
      totals.issued -= balance;
    } else {
      totals[row.kind === 'customer' ? 'users' : 'exchange'] += balance;
    }
  }
  return byCurrency;
}

export interface CurrencyFigures {
  readonly currencies: readonly CurrencyBooksJson[];
  readonly faults: readonly string[];
}

/** The figures of the accounts, currency by currency; those that nobody uses are left out. */
export function currencyFigures(accounts: Accounts): CurrencyFigures {
  const used = [...totalsOf(accounts)]
    .filter(([, { isUsed }]) => isUsed)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    currencies: used.map(([code, { sum, issued, users, exchange }]) => {
      const currency = findCurrency(code);
      const text = (minor: bigint) => (currency ? formatAmount(minor, currency) : String(minor));
      return {
        currency: code,
        sum: text(sum),
        issued: text(issued),
        users: text(users),
        exchange: text(exchange),
      };
    }),
    faults: used.flatMap(([code, { sum }]) =>
      sum === 0n
        ? []
        : [`${code}: all accounts together hold ${amountText(sum, code)} where they must hold nothing`],
    ),
  };
}
