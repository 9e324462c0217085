import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Refusal } from '../errors.js';
import { type Figures, type RateLimits, rememberedPairs } from './rate-limits.js';
import type { RateLimit, Viewer } from './route.js';

export interface RateLimiter {
  /** Takes a point from what a caller may do at all, and one from what the route draws from. */
  admit(caller: { address: string; viewer: Viewer | undefined }, limit: RateLimit | undefined): Promise<void>;
  /** Whether this username may be tried from this address now, before the password is looked at. */
  admitLogin(attempt: LoginAttempt): Promise<void>;
  /** Gives back what an admitted attempt took, since the password was right, and makes its address a known one. */
  noteLogin(attempt: LoginAttempt): Promise<void>;
}

export interface LoginAttempt {
  readonly username: string;
  readonly address: string;
}

/** A rate limiter in memory. Each refusal is RATE_LIMITED with the seconds until there are points again. */
export function makeRateLimiter(limits: RateLimits): RateLimiter {
  const caller = bucket(limits.caller);
  const loginOfAddress = bucket(limits.loginOfAddress);
  const registration = bucket(limits.registration);
  const password = bucket(limits.password);
  const logins = makeLoginLimiter(limits);

  function ofRoute(limit: RateLimit, name: string, address: string): [RateLimiterMemory, string] {
    switch (limit) {
      case 'login':
        return [loginOfAddress, address];
      case 'registration':
        return [registration, address];
      case 'password':
        return [password, name];
    }
  }

  return {
    admit({ address, viewer }, limit) {
      const name = viewer === undefined ? address : String(viewer.userId);
      const general = take(caller, name);
      return limit === undefined ? general : general.then(() => take(...ofRoute(limit, name, address)));
    },
    ...logins,
  };
}

function makeLoginLimiter(limits: RateLimits): Pick<RateLimiter, 'admitLogin' | 'noteLogin'> {
  const ofPair = bucket(limits.loginOfPair);
  const ofUsername = bucket(limits.loginOfUsername);
  const known = new Set<string>();

  return {
    async admitLogin({ username, address }) {
      const pair = pairOf(username, address);
      await take(ofPair, pair);
      if (!known.has(pair)) {
        await take(ofUsername, username);
      }
    },
    async noteLogin({ username, address }) {
      const pair = pairOf(username, address);
      await ofPair.delete(pair);
      if (!known.has(pair)) {
        await ofUsername.reward(username);
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

function pairOf(username: string, address: string): string {
  return `${address} ${username}`;
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
