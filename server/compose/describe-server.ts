import type { ServerJson } from '../features/about/wire.js';
import { maxPasswordLength } from '../features/credentials/prepare-password.js';
import { mostPayoutItems, payoutBodyBytes } from '../features/payouts/wire.js';
import { bodyLimitBytes } from '../http/read/read-body.js';
import { currencies } from '../money/currency.js';
import { moneyJson } from '../money/format.js';
import { baseCurrency } from '../money/rates.js';
import type { Settings } from '../settings.js';
import { readVersion } from '../version.js';

/** What a client needs to know of this server. */
export function describeServer(settings: Settings): ServerJson {
  return {
    name: 'pay',
    version: readVersion(),
    baseCurrency,
    currencies: currencies.map(({ code }) => code),
    openingCredit: moneyJson(settings.openingCredit),
    limits: {
      bodyBytes: bodyLimitBytes,
      memoCharacters: 500,
      passwordMinCharacters: 8,
      passwordMaxCharacters: maxPasswordLength,
      pageItems: 100,
      payoutItems: mostPayoutItems,
      payoutBodyBytes,
      tokenDays: 366,
    },
    policies: {
      registration: settings.registration,
      rounding: { received: 'down', debited: 'up' },
      rateLimits: settings.rateLimits,
      requestsCheckFunds: settings.requestsCheckFunds,
      idempotencyKeysExpire: false,
    },
  };
}
