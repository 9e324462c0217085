import type { Sizes } from './setting.js';

export const fullSizes: Sizes = {
  rounds: 5,
  seconds: 5,
  large: { payments: 10_000_000, users: 100_000, ofBusiest: 1_000_000 },
  looked: { payments: 1_100_000, users: 10_000, ofBusiest: 1_000_000 },
  paymentsOfFootprint: 50_000,
  settleSeconds: 30,
  idleSeconds: 10,
  mixedSeconds: 60,
};

const quickBooks = { payments: 200_000, users: 3_000, ofBusiest: 100_000 };

/** The sizes with which all of it takes three minutes. Both kinds of books are the same ones, made once. */
export const quickSizes: Sizes = {
  rounds: 2,
  seconds: 1,
  large: quickBooks,
  looked: quickBooks,
  paymentsOfFootprint: 10_000,
  settleSeconds: 12,
  idleSeconds: 5,
  mixedSeconds: 10,
};
