/** So many points, one a request, in each window of so many seconds. */
export interface Figures {
  readonly points: number;
  readonly windowSeconds: number;
}

/**
 * What limits a route besides what its caller may do at all. The windows are long against the points, so that a burst (a school
 * class that registers at once behind one address, a script that catches up) passes and only a siege does not.
 */
export interface RouteLimit<Body = unknown> {
  /** Requests of one caller: of a user, or from one address where nobody is logged in. */
  readonly calls: Figures;
  /** For a route that tries somebody's secret. */
  readonly guesses?: GuessLimit<Body>;
}

export interface GuessLimit<Body = unknown> {
  /** Whose secret a body tries, in the same spelling whenever it is the same person's. */
  whose(body: Body): string;
  /** Failed tries of one person's secret from one address. */
  readonly fromAddress: Figures;
  /**
   * Failed tries of one person's secret from all the addresses that it has never been right from. An address that it has been
   * right from does not count here: whoever guesses from elsewhere cannot lock that person out.
   */
  readonly fromStrangers: Figures;
}

/** Everything that one caller does: a user, or an address where nobody is logged in. */
export const callerLimit: Figures = { points: 1_000, windowSeconds: 10 };

/** How many pairs of person and address are remembered as having been right; the oldest go first. */
export const rememberedPairs = 100_000;
