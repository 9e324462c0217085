import { createHash } from 'node:crypto';
import type { Figures } from '../../rate-figures.js';

/** The key that failures are counted under, and how many are free before there are waits. */
export interface GuessKey {
  readonly key: string;
  readonly free: number;
  /** The first wait, in microseconds; each failure after it doubles the wait. */
  readonly firstWaitMicros: number;
}

/** A guess: whose secret is tried, and from where. */
export interface Guess {
  /** The number of the user; none where nobody has the name. */
  readonly userId: number | undefined;
  /** The name that was given, in lower case. */
  readonly name: string;
  readonly network: string;
  /** Whether this user has logged in from that network before. */
  readonly isKnownPlace: boolean;
}

export interface GuessFigures {
  readonly guessesAtPlace: Figures;
  readonly guessesOfAccount: Figures;
  readonly guessesOfNetwork: Figures;
}

/**
 * The number of places that names which nobody has, and networks, are counted in by their hashes: they are without number,
 * and the table must not be. Whoever meets the count of another so waits a while at a place that is new to them, nowhere
 * else.
 */
const buckets = 2 ** 18;

const bucketOf = (text: string) => createHash('sha256').update(text).digest().readUInt32BE() % buckets;

const keyOf = (key: string, { points, windowSeconds }: Figures): GuessKey => ({
  key,
  free: points,
  firstWaitMicros: windowSeconds * 1_000_000,
});

/**
 * The keys that a failure counts under. At a place that the user has logged in from before it counts there alone: whoever
 * guesses from elsewhere cannot lock the user out of it.
 */
export function guessKeys(
  { userId, name, network, isKnownPlace }: Guess,
  figures: GuessFigures,
): readonly [GuessKey, ...GuessKey[]] {
  if (userId !== undefined && isKnownPlace) {
    return [keyOf(`place ${userId} ${network}`, figures.guessesAtPlace)];
  }
  const account = userId === undefined ? `name ${bucketOf(name)}` : `user ${userId}`;
  return [
    keyOf(account, figures.guessesOfAccount),
    keyOf(`network ${bucketOf(network)}`, figures.guessesOfNetwork),
  ];
}
