import type { GateBounds } from '../../http/serve/bounded-gate.js';

/** A payout takes the ledger for as long as many single payments do: with one at a time these get their turns between. */
export const payoutGateBounds: GateBounds = {
  concurrency: 1,
  maxWaiting: 64,
  tooMany:
    'Too many payouts wait already; nothing was done. Repeat it in a moment, with the same Idempotency-Key if it had one.',
};
