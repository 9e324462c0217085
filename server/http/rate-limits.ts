/** So many points, one a request, in each window of so many seconds. */
export interface Figures {
  readonly points: number;
  readonly windowSeconds: number;
}

/**
 * How much anyone may ask for. The windows are long against the points, so that a burst (a school class that
 * registers at once behind one address, a script that catches up) passes and only a siege does not.
 */
export const rateLimits = {
  /** Everything that one caller does: a user, or an address where nobody is logged in. */
  caller: { points: 1_000, windowSeconds: 10 },
  /** Attempts to log in from one address, whoever for. */
  loginOfAddress: { points: 300, windowSeconds: 300 },
  /** Failed attempts for one username from one address. */
  loginOfPair: { points: 30, windowSeconds: 300 },
  /**
   * Failed attempts for one username from all the addresses it has never been used from. The address of a user who
   * has logged in there before does not count here: whoever guesses from elsewhere cannot lock that user out.
   */
  loginOfUsername: { points: 100, windowSeconds: 300 },
  /** New accounts from one address. */
  registration: { points: 300, windowSeconds: 600 },
  /** Tries of one user to set a password, each of which may guess the current one. */
  password: { points: 30, windowSeconds: 600 },
} as const satisfies Record<string, Figures>;

export type RateLimits = { readonly [Name in keyof typeof rateLimits]: Figures };

/** How many pairs of username and address are remembered as used before; the oldest go first. */
export const rememberedPairs = 100_000;
