/** So many points, one a request, in each window of so many seconds. */
export interface Figures {
  readonly points: number;
  readonly windowSeconds: number;
}

/**
 * Every limit of what is asked how often. The windows are long against the points, so that a burst (a school class that registers
 * at once behind one address, a script that catches up) passes and only a siege does not. Callers are users or, where nobody is
 * logged in, networks. Of guesses the points are the failures that are free, and the seconds the first wait after them.
 */
export const usualFigures = {
  /** Everything that one caller does. */
  caller: { points: 1_000, windowSeconds: 10 },
  /** Answers of 401 and 404 to one network. */
  misses: { points: 300, windowSeconds: 300 },
  registration: { points: 300, windowSeconds: 600 },
  /** Answers of somebody who registers, judged as they are typed: several for each account. */
  check: { points: 1_200, windowSeconds: 600 },
  login: { points: 300, windowSeconds: 300 },
  /** Tries of one user to set a password or an email address. */
  password: { points: 30, windowSeconds: 600 },
  /** Webhooks that are made, each of which is a post to wherever the user says. */
  challenge: { points: 30, windowSeconds: 600 },
  /** Failures for one user from a place that the user has logged in from before. */
  guessesAtPlace: { points: 5, windowSeconds: 30 },
  /** Failures for one user from all other places. */
  guessesOfAccount: { points: 10, windowSeconds: 30 },
  /** Failures from one network, but for users who have logged in from it before. */
  guessesOfNetwork: { points: 50, windowSeconds: 30 },
} as const satisfies Record<string, Figures>;

export type LimitName = keyof typeof usualFigures;

/** The figures that are in force. */
export type LimitTable = Readonly<Record<LimitName, Figures>>;
