import { hostname } from 'node:os';
import { machineMicros } from '../../clock.js';
import { makePasswordJudge } from '../../features/credentials/password-strength.js';
import { streamTiming } from '../../features/events/event-stream.js';
import { sessionLifetimes } from '../../features/sessions/lifetimes.js';
import { aboutParts } from './about.js';
import type { CommonParts } from './common-parts.js';
import { issuerOf } from './issuer.js';
import { metricsParts } from './metrics.js';
import type { Opened } from './opened.js';
import type { FeatureParts } from './pay-app.js';
import { makePayoutGates } from './payouts.js';

/** Gives each feature what it needs, and no more. */
export function featureParts(opened: Opened, common: CommonParts): FeatureParts {
  const { settings, readers, listReaders, hub, sweep, streams, webhooks, uses, exchange } = opened;
  const { guard, ledger, hasher, lists, refusals } = common;
  const accounts = {
    readers,
    ledger,
    hasher,
    judgePassword: makePasswordJudge(
      [settings.host, hostname()],
      settings.rateLimits.shares,
      opened.isLeaked,
    ),
    openingCredit: settings.openingCredit,
    registration: settings.registration,
    machineMicros,
    guard,
    converter: exchange.convert,
  };
  return {
    accounts,
    sessions: {
      ...{ readers, ledger, hasher, lists, machineMicros, guard },
      lifetimes: sessionLifetimes(settings),
    },
    tokens: { readers, ledger, lists },
    enrolment: { readers, ledger, hasher, guard, sealer: opened.sealer, issuer: issuerOf(settings) },
    payments: {
      ...{ readers, ledger, lists, converter: exchange.remote },
      refundDays: settings.refundDays,
    },
    payouts: { readers, ledger, converter: exchange.remote, ...makePayoutGates(settings) },
    requests: {
      ...{ readers, ledger, lists, converter: exchange.remote, sweep },
      checkFunds: settings.requestsCheckFunds,
    },
    collections: { readers, ledger, lists, checkFunds: settings.requestsCheckFunds, machineMicros },
    blocks: { readers, ledger, lists },
    limits: { readers, ledger, lists, machineMicros },
    summaries: { readers: listReaders, lists, machineMicros },
    statistics: { readers: listReaders, lists, machineMicros, refusals },
    events: { readers, ledger, lists, hub, streams, uses, machineMicros, timing: streamTiming },
    webhooks: { readers, ledger, lists, ...webhooks },
    admin: { ...accounts, lists },
    invitations: { readers, ledger, lists, machineMicros },
    audit: { lists },
    books: { check: opened.bookCheck },
    conversion: { exchange },
    about: aboutParts(opened, ledger),
    metrics: metricsParts(opened, common),
  };
}
