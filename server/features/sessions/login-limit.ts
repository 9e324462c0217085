import type { RouteLimit } from '../../http/contract/rate-limits.js';
import { nameKey } from '../accounts/user-store.js';

/** Attempts to log in: from one address whoever for, and the failed ones for one username. */
export const loginLimit = {
  calls: { points: 300, windowSeconds: 300 },
  guesses: {
    whose: ({ username }) => nameKey(username),
    fromAddress: { points: 30, windowSeconds: 300 },
    fromStrangers: { points: 100, windowSeconds: 300 },
  },
} satisfies RouteLimit<{ readonly username: string }>;
