import type { AccountRow } from '../../db/rows.js';

/** Where the opening credits of a currency come from; its balance is what was issued, negative. */
export const issuanceAccountId = (currency: string) => `acc_issuance_${currency}`;

/** What a conversion passes through, one for each currency. */
export const exchangeAccountId = (currency: string) => `acc_exchange_${currency}`;

/** The accounts of the system in a currency, as they begin. */
export function systemAccounts(currency: string): readonly AccountRow[] {
  const common = { user_id: null, currency, balance: 0 };
  return [
    { id: issuanceAccountId(currency), kind: 'issuance', ...common },
    { id: exchangeAccountId(currency), kind: 'exchange', ...common },
  ];
}
