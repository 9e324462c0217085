import type { ServerJson } from '../../features/about/wire.js';
import { mostCredentials } from '../../features/accounts/live-credentials.js';
import { isNoCredit, openingCreditMoney } from '../../features/accounts/opening-credit.js';
import { mostOpen, mostPeople } from '../../features/collections/wire.js';
import { maxPasswordLength } from '../../features/credentials/prepare-password.js';
import { confirmableMinutes } from '../../features/enrolment/confirm-factor.js';
import { forgottenAfterMicros, longestWaitMicros } from '../../features/guesses/note-guesses.js';
import { mostPayoutItems, payoutBodyBytes } from '../../features/payouts/wire.js';
import { recoveryCodes } from '../../features/second-factor/recovery-codes.js';
import { codeFigures, skewSteps } from '../../features/second-factor/time-codes.js';
import { mostSummed } from '../../features/summaries/most-summed.js';
import { mostGroups } from '../../features/summaries/span.js';
import { bodyLimitBytes } from '../../http/read/read-body.js';
import { moneyJson } from '../../money/format.js';
import type { RateTable } from '../../money/rate-table.js';
import type { Settings } from '../../settings.js';
import { readVersion } from '../../version.js';

/** The description of this server that a client needs. */
export function describeServer(settings: Settings, { base, currencies, source }: RateTable): ServerJson {
  return {
    name: 'pay',
    version: readVersion(),
    baseCurrency: base,
    currencies: currencies.map(({ code }) => code),
    conversionSource: settings.conversionUrl ?? source,
    openingCredit: isNoCredit(settings.openingCredit)
      ? null
      : moneyJson(openingCreditMoney(settings.openingCredit)),
    limits: {
      bodyBytes: bodyLimitBytes,
      memoCharacters: 500,
      passwordMinCharacters: 8,
      passwordMaxCharacters: maxPasswordLength,
      pageItems: 100,
      summaryGroups: mostGroups,
      summaryPayments: mostSummed,
      payoutItems: mostPayoutItems,
      payoutBodyBytes,
      collectionPeople: mostPeople,
      openCollections: mostOpen,
      tokenDays: 366,
      tokens: mostCredentials.tokens,
      sessions: mostCredentials.sessions,
      refundDays: settings.refundDays,
      sessionIdleHours: settings.sessionIdleHours,
      sessionDays: settings.sessionDays,
    },
    rateLimits: settings.rateLimits.rates ?? null,
    shares: settings.rateLimits.shares,
    guesses: {
      longestWaitSeconds: longestWaitMicros / 1_000_000,
      forgottenAfterSeconds: forgottenAfterMicros / 1_000_000,
    },
    secondFactor: { ...codeFigures, skewSteps, recoveryCodes, confirmableMinutes },
    policies: {
      registration: settings.registration,
      rounding: { received: 'down', debited: 'up' },
      rateLimits: settings.rateLimits.rates !== undefined,
      adminSecondFactor: settings.adminSecondFactor,
      requestsCheckFunds: settings.requestsCheckFunds,
      idempotencyKeysExpire: false,
    },
  };
}
