import { findCurrency } from '../../money/currency.js';
import { formatAmount } from '../../money/format.js';
import { type Accounts, amountText, isInUse } from './faults/accounts.js';
import { exact } from './faults/problems.js';
import type { CurrencyBooksJson } from './wire.js';

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
