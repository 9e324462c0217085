import assert from 'node:assert/strict';
import type { AccountRow } from '../../db/tables/users.js';

/** The number that a currency's code stands for in base 36. */
function codeNumber(currency: string): number {
  assert(/^[A-Z][A-Z0-9]{2,5}$/.test(currency), `${currency} is not the code of a currency.`);
  return Number.parseInt(currency, 36);
}

/** The account that the opening credits of a currency come from; its balance is what was issued, negative. */
export const issuanceAccountId = (currency: string) => -2 * codeNumber(currency);

/** The account that a conversion passes through, one for each currency. */
export const exchangeAccountId = (currency: string) => -2 * codeNumber(currency) - 1;

/** The accounts of the system in a currency, as they begin. */
export function systemAccounts(currency: string): readonly AccountRow[] {
  const common = { user_id: null, currency, balance: 0 };
  return [
    { id: issuanceAccountId(currency), kind: 'issuance', ...common },
    { id: exchangeAccountId(currency), kind: 'exchange', ...common },
  ];
}
