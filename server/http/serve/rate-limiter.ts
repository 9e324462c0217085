import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Refusal } from '../../errors.js';
import type { LimitName, LimitTable } from '../../rate-figures.js';
import type { Viewer } from '../contract/route.js';
import { networkOf } from './network.js';

/** Takes a point from what a caller may do. Throws RATE_LIMITED with the seconds until there are points again. */
export type CallerLimiter = (caller: string) => Promise<void>;

/** The name under which a caller is counted: the user, or the network where nobody is logged in. */
export const callerName = ({ address, viewer }: { address: string; viewer: Viewer | undefined }): string =>
  viewer === undefined ? networkOf(address) : String(viewer.userId);

/** A limiter of calls, in memory, by the figures of this name. */
export function makeCallerLimiter(name: LimitName, limits: LimitTable): CallerLimiter {
  const { points, windowSeconds } = limits[name];
  const calls = new RateLimiterMemory({ points, duration: windowSeconds });
  return async (caller) => {
    try {
      await calls.consume(caller);
    } catch (rejection) {
      if (!(rejection instanceof RateLimiterRes)) {
        throw rejection;
      }
      const retryAfterSeconds = Math.max(1, Math.ceil(rejection.msBeforeNext / 1000));
      throw new Refusal('RATE_LIMITED', `Too many requests. Try again in ${retryAfterSeconds} s.`, {
        retryAfterSeconds,
        rateLimit: { name, points, windowSeconds },
      });
    }
  };
}
