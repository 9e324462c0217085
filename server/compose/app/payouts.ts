import { makeReadThread } from '../../features/payouts/read-thread.js';
import type { PayoutParts } from '../../features/payouts/routes.js';
import { makeGate } from '../../http/serve/bounded-gate.js';
import type { Settings } from '../../settings.js';

const tooManyPayouts =
  'Too many payouts wait already; nothing was done. Repeat it in a moment, with the same Idempotency-Key if it had one.';

/** What keeps payouts from taking the server for themselves: few go to the ledger, and one long one is read, at a time. */
export function makePayoutGates({
  rateLimits: { shares },
}: Pick<Settings, 'rateLimits'>): Pick<PayoutParts, 'gate' | 'readLong'> {
  const bounds = {
    running: shares.payouts,
    waiting: shares.payoutsWaiting,
    tooMany: tooManyPayouts,
  };
  return {
    gate: makeGate(bounds),
    readLong: makeReadThread(makeGate({ ...bounds, running: { ofOne: 1, inAll: 1 } })),
  };
}
