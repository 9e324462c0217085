import type { AccountRow } from '../../../../db/tables/users.js';
import { findCurrency } from '../../../money/currency.js';
import { formatAmount } from '../../../money/format.js';
import { faultsOf } from './problems.js';

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
export const isInUse = ({ kind, balance }: AccountRow): boolean => kind === 'customer' || balance !== 0;

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
