import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Refusal } from '../../errors.js';
import { type Figures, type GuessLimit, type RouteLimit, rememberedPairs } from '../contract/rate-limits.js';
import type { Viewer } from '../contract/route.js';

/** Takes a point from what a caller may do. Throws RATE_LIMITED with the seconds until there are points again. */
export type CallerLimiter = (caller: string) => Promise<void>;

export interface RouteLimiter {
  readonly admit: CallerLimiter;
  readonly guesses: GuessLimiter | undefined;
}

export interface GuessLimiter {
  /** Whether this person's secret may be tried from this address now, before it is looked at. Throws RATE_LIMITED. */
  admit(guess: Guess): Promise<void>;
  /** Gives back what an admitted guess took, since it was right, and makes its address a known one. */
  noteRight(guess: Guess): Promise<void>;
}

export interface Guess {
  readonly whose: string;
  readonly address: string;
}

/** The name under which a caller is counted: the user, or the address where nobody is logged in. */
export const callerName = ({ address, viewer }: { address: string; viewer: Viewer | undefined }): string =>
  viewer === undefined ? address : String(viewer.userId);

/** A limiter of calls, in memory. */
export function makeCallerLimiter(figures: Figures): CallerLimiter {
  const calls = bucket(figures);
  return (caller) => take(calls, caller);
}

/** The limiter of one route, in memory. */
export function makeRouteLimiter({ calls, guesses }: RouteLimit): RouteLimiter {
  return { admit: makeCallerLimiter(calls), guesses: guesses && makeGuessLimiter(guesses) };
}

function makeGuessLimiter({ fromAddress, fromStrangers }: GuessLimit): GuessLimiter {
  const ofPair = bucket(fromAddress);
  const ofPerson = bucket(fromStrangers);
  const known = new Set<string>();

  return {
    async admit({ whose, address }) {
      const pair = pairOf(whose, address);
      await take(ofPair, pair);
      if (!known.has(pair)) {
        await take(ofPerson, whose);
      }
    },
    async noteRight({ whose, address }) {
      const pair = pairOf(whose, address);
      await ofPair.delete(pair);
      if (!known.has(pair)) {
        await ofPerson.reward(whose);
        remember(known, pair);
      }
    },
  };
}

function bucket({ points, windowSeconds }: Figures): RateLimiterMemory {
  return new RateLimiterMemory({ points, duration: windowSeconds });
}

async function take(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (rejection) {
    if (!(rejection instanceof RateLimiterRes)) {
      throw rejection;
    }
    const retryAfterSeconds = Math.max(1, Math.ceil(rejection.msBeforeNext / 1000));
    throw new Refusal('RATE_LIMITED', `Too many requests. Try again in ${retryAfterSeconds} s.`, {
      retryAfterSeconds,
    });
  }
}

function pairOf(whose: string, address: string): string {
  return `${address} ${whose}`;
}

/** A set keeps its order of insertion, so its first entry is the oldest. */
function remember(known: Set<string>, pair: string): void {
  known.add(pair);
  if (known.size > rememberedPairs) {
    for (const oldest of known) {
      known.delete(oldest);
      return;
    }
  }
}
