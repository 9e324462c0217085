/** The figures of a limit: so many points, one a request, in each window of so many seconds. */
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
  /** The requests of one caller, whatever they are. */
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
  /** Kibibytes of bodies that one caller sends, where one is longer than that. */
  sent: { points: 16_384, windowSeconds: 10 },
  /** Items of one user's payouts, dry runs included. */
  items: { points: 20_000, windowSeconds: 60 },
  /** Kibibytes that one user leaves behind in the database for good: two for each act, and what its body has. */
  stored: { points: 262_144, windowSeconds: 86_400 },
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

/** How much of something that all share is taken at once, by one and by all together. */
export interface Share {
  readonly ofOne: number;
  readonly inAll: number;
}

/**
 * Every part of what all share that one may take. One is a user or, where nobody is logged in, a network; where names end
 * in "Waiting", they wait for the turn of the same without it.
 */
export const usualShares = {
  /** Connections of one network. */
  connections: { ofOne: 512, inAll: 4_096 },
  /** Decisions in the ledger: with so many of one user the next payment of another waits for few milliseconds. */
  decisions: { ofOne: 32, inAll: 2_048 },
  decisionsWaiting: { ofOne: 512, inAll: 2_048 },
  /** A payout takes the ledger for as long as many single payments do; of two one is decided while the other is written. */
  payouts: { ofOne: 1, inAll: 2 },
  payoutsWaiting: { ofOne: 4, inAll: 64 },
  /** Pages of lists, each of which may have to look through much. */
  lists: { ofOne: 1, inAll: 2 },
  listsWaiting: { ofOne: 16, inAll: 256 },
  /** Lists that are given whole, and are read a part at a time. */
  exports: { ofOne: 2, inAll: 32 },
  /** Streams of events of one user. */
  streams: { ofOne: 20, inAll: 1_000 },
  /** Streams of events of one network. */
  streamsOfNetwork: { ofOne: 250, inAll: 1_000 },
  /** Challenges of webhooks, each of which an endpoint may hold. */
  challenges: { ofOne: 2, inAll: 8 },
  challengesWaiting: { ofOne: 4, inAll: 16 },
  /** Passwords of one network that are hashed, and judged: each takes a core. */
  passwords: { ofOne: 1, inAll: 1 },
  passwordsWaiting: { ofOne: 32, inAll: 64 },
} as const satisfies Record<string, Share>;

/**
 * How much of a pool one network may take, whoever its users are: half, unless one user may have more, so that whoever registers
 * many accounts at one place keeps nobody out who comes from elsewhere.
 */
export const ofOneNetwork = ({ ofOne, inAll }: Share): number => Math.max(ofOne, Math.ceil(inAll / 2));

export type ShareName = keyof typeof usualShares;

/** The shares that are in force. */
export type ShareTable = Readonly<Record<ShareName, Share>>;

/** The usual shares, but that one may have all there is: where something else limits. */
export const undividedShares: ShareTable = Object.freeze(
  Object.fromEntries(
    Object.entries(usualShares).map(([name, { inAll }]) => [name, { ofOne: inAll, inAll }]),
  ) as Record<ShareName, Share>,
);

/** The limits that are in force; no rates where something else limits. */
export interface Limits {
  readonly rates: LimitTable | undefined;
  readonly shares: ShareTable;
}

export const usualLimits: Limits = Object.freeze({ rates: usualFigures, shares: usualShares });
