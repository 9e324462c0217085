import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Refusal } from '../../errors.js';
import type { LimitName, LimitTable } from '../../rate-figures.js';
import type { Viewer } from '../contract/route.js';
import { networkOf } from './network.js';

export interface CallerLimiter {
  /** Its figures, as the header RateLimit-Policy has them (draft-ietf-httpapi-ratelimit-headers-10 §3). */
  readonly policy: string;
  /**
   * Takes points, one unless it says otherwise, from what a caller may do. Gives what is left, as the header RateLimit has it
   * (§4). Throws RATE_LIMITED with the seconds until there are points again.
   */
  take(caller: string, points?: number): Promise<string>;
}

/** The name under which a caller is counted: the user, or the network where nobody is logged in. */
export const callerName = ({ address, viewer }: { address: string; viewer: Viewer | undefined }): string =>
  viewer === undefined ? networkOf(address) : String(viewer.userId);

const secondsOf = ({ msBeforeNext }: RateLimiterRes) => Math.max(1, Math.ceil(msBeforeNext / 1000));

/** A limiter of calls, in memory, by the figures of this name. */
export function makeCallerLimiter(name: LimitName, limits: LimitTable): CallerLimiter {
  const { points: most, windowSeconds } = limits[name];
  const calls = new RateLimiterMemory({ points: most, duration: windowSeconds });
  const beginning = `"${name}";r=`;
  return {
    policy: `"${name}";q=${most};w=${windowSeconds}`,
    async take(caller, points = 1) {
      try {
        const left = await calls.consume(caller, points);
        return `${beginning}${left.remainingPoints};t=${secondsOf(left)}`;
      } catch (rejection) {
        if (!(rejection instanceof RateLimiterRes)) {
          throw rejection;
        }
        const retryAfterSeconds = secondsOf(rejection);
        throw new Refusal('RATE_LIMITED', `Too many requests. Try again in ${retryAfterSeconds} s.`, {
          retryAfterSeconds,
          rateLimit: { name, points: most, windowSeconds },
        });
      }
    },
  };
}
