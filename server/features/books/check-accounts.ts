import { readInOrder } from '../../../db/open/read-in-order.js';
import type { Snapshot } from '../../../db/open/snapshot.js';
import type { AccountRow, UserRow } from '../../../db/tables/users.js';
import { exchangeAccountId, issuanceAccountId } from '../../ledger/system-accounts.js';
import { findCurrency } from '../../money/currency.js';
import { currencyFigures } from './currency-figures.js';
import { type Accounts, accountFaults } from './faults/accounts.js';
import { accountText } from './faults/names.js';
import { faultsOf, type Problems } from './faults/problems.js';
import { joinInOrder } from './join-in-order.js';
import type { CurrencyBooksJson } from './wire.js';

const userColumns = ['id', 'username', 'currency'] as const;
type Owner = Pick<UserRow, (typeof userColumns)[number]>;

/** Every account, before any of its entries. */
export async function readAccounts(snapshot: Snapshot): Promise<Accounts> {
  const accounts: Accounts = new Map();
  const reading = { table: 'accounts', key: ['id'] } as const;
  for await (const page of readInOrder<AccountRow>(snapshot, reading)) {
    for (const row of page) {
      accounts.set(row.id, { row, sum: 0, left: 0 });
    }
  }
  return accounts;
}

function ownerFaults({ currency }: Owner, [account, ...others]: readonly AccountRow[]): readonly string[] {
  return account === undefined
    ? ['has no account']
    : faultsOf([
        others.length > 0 && `has ${others.length + 1} accounts`,
        account.currency !== currency && `chose ${currency} and has an account in ${account.currency}`,
      ]);
}

/** Each user has one account, in the currency that they chose. */
export async function checkOwners(snapshot: Snapshot, problems: Problems): Promise<void> {
  const owners = readInOrder<Owner>(snapshot, { table: 'users', columns: userColumns, key: ['id'] });
  const owned = readInOrder<AccountRow>(snapshot, {
    table: 'accounts',
    key: ['user_id'],
    where: 't.user_id is not null',
  });
  const joined = joinInOrder(
    { pages: owners, keyOf: ({ id }) => id },
    { pages: owned, keyOf: ({ user_id }) => user_id ?? 0 },
  );
  for await (const page of joined) {
    for (const { left, rights } of page) {
      if (left) {
        problems.addAll(ownerFaults(left, rights), `user ${left.username}`);
      }
    }
  }
}

/** An account of the system is found by its number, which says what it is. */
function hasItsNumber({ id, kind, currency }: AccountRow): boolean {
  if (findCurrency(currency) === undefined) {
    return true;
  }
  switch (kind) {
    case 'issuance':
      return id === issuanceAccountId(currency);
    case 'exchange':
      return id === exchangeAccountId(currency);
    default:
      return true;
  }
}

/** Judges the accounts once all entries were followed, and gives the figures of each currency. */
export function checkBalances(accounts: Accounts, problems: Problems): CurrencyBooksJson[] {
  for (const account of accounts.values()) {
    const { row } = account;
    const faults = [
      ...accountFaults(account),
      ...faultsOf([!hasItsNumber(row) && `has the number ${row.id}, not its own`]),
    ];
    problems.addAll(faults, accountText(row));
  }
  const { currencies, faults } = currencyFigures(accounts);
  problems.addAll(faults);
  return [...currencies];
}
