import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Refusal } from '../../errors.js';
import type { Figures, LimitName, LimitTable } from '../../rate-figures.js';

export interface CallerLimiter {
  /** The figures of the limit, as the header RateLimit-Policy has them (draft-ietf-httpapi-ratelimit-headers-10 §3). */
  readonly policy: string;
  /**
   * Takes points, one unless it says otherwise, from what a caller may do. Gives what is left, as the header RateLimit has it
   * (§4). Throws RATE_LIMITED with the seconds until there are points again.
   */
  take(caller: string, points?: number): Promise<string>;
}

/** Points that a caller has taken, and in how many seconds they are forgotten. */
export interface TakenPoints {
  readonly points: number;
  readonly seconds: number;
}

/** A place where what callers take is kept beyond the life of the process. */
export interface KeptCounts {
  readonly recall: (caller: string) => Promise<TakenPoints | undefined>;
  readonly note: (caller: string, taken: TakenPoints) => void;
}

/** The way to other servers that limit the same callers. */
export interface SharedCount {
  /** Tells them of points that a caller has taken here. */
  readonly tell: (caller: string, points: number) => void;
  /** Has what they tell counted here. */
  readonly onTold: (count: (caller: string, points: number) => void) => void;
}

/** Gives the way for what is counted under this name. */
export type ShareCounts = (of: string) => SharedCount;

export interface CountedElsewhere {
  readonly kept?: KeptCounts | undefined;
  readonly shared?: SharedCount | undefined;
}

const secondsOf = ({ msBeforeNext }: RateLimiterRes) => Math.max(1, Math.ceil(msBeforeNext / 1000));

/** What is taken is noted whenever it passes another of so many parts of what may be. */
const partsNoted = 64;

/** Recalls what a caller has taken before this process began, once for each window, and notes what is taken now. */
function keepCounts(calls: RateLimiterMemory, most: number, kept: KeptCounts) {
  const recalling = new Map<string, Promise<void>>();
  const partOf = (points: number) => Math.floor((points * partsNoted) / most);

  async function recall(caller: string): Promise<void> {
    const taken = await kept.recall(caller);
    if (taken !== undefined) {
      await calls.set(caller, taken.points, taken.seconds);
    }
  }

  return {
    async prepare(caller: string): Promise<void> {
      if ((await calls.get(caller)) === null) {
        // Those who come at once wait for the same.
        const once = recalling.get(caller) ?? recall(caller).finally(() => recalling.delete(caller));
        recalling.set(caller, once);
        await once;
      }
    },
    note(caller: string, points: number, result: RateLimiterRes): void {
      const { consumedPoints } = result;
      if (partOf(consumedPoints) > partOf(consumedPoints - points)) {
        kept.note(caller, { points: consumedPoints, seconds: secondsOf(result) });
      }
    },
  };
}

/**
 * Counts what callers take on other servers, and tells those what is taken here: of each caller when it is another of so many parts
 * of what may be, so that it costs little, and so much at most is not known elsewhere. What is refused is told to nobody.
 */
function shareCounts(
  calls: RateLimiterMemory,
  { points: most, windowSeconds }: Figures,
  { kept, shared }: Required<CountedElsewhere>,
) {
  const untold = new Map<string, number>();
  let clearedMs = performance.now();
  shared?.onTold(async (caller, points) => {
    // What is kept is recalled first, and has these with it.
    if (kept === undefined || (await calls.get(caller)) !== null) {
      await calls.penalty(caller, points);
    }
  });
  return (caller: string, points: number): void => {
    const nowMs = performance.now();
    if (nowMs - clearedMs > windowSeconds * 1_000) {
      untold.clear();
      clearedMs = nowMs;
    }
    const sum = (untold.get(caller) ?? 0) + points;
    if (sum * partsNoted < most) {
      untold.set(caller, sum);
    } else {
      untold.delete(caller);
      shared?.tell(caller, sum);
    }
  };
}

/** A limiter of calls, in memory, by the figures of this name; what is kept elsewhere, too, outlives the process. */
export function makeCallerLimiter(
  name: LimitName,
  limits: LimitTable,
  { kept, shared }: CountedElsewhere = {},
): CallerLimiter {
  const { points: most, windowSeconds } = limits[name];
  const calls = new RateLimiterMemory({ points: most, duration: windowSeconds });
  const keeping = kept && keepCounts(calls, most, kept);
  const tell = shared && shareCounts(calls, limits[name], { kept, shared });
  const beginning = `"${name}";r=`;
  return {
    policy: `"${name}";q=${most};w=${windowSeconds}`,
    async take(caller, points = 1) {
      try {
        await keeping?.prepare(caller);
        const left = await calls.consume(caller, points);
        keeping?.note(caller, points, left);
        tell?.(caller, points);
        return `${beginning}${left.remainingPoints};t=${secondsOf(left)}`;
      } catch (rejection) {
        if (!(rejection instanceof RateLimiterRes)) {
          throw rejection;
        }
        keeping?.note(caller, points, rejection);
        const retryAfterSeconds = secondsOf(rejection);
        throw new Refusal('RATE_LIMITED', `Too many requests. Try again in ${retryAfterSeconds} s.`, {
          retryAfterSeconds,
          rateLimit: { name, points: most, windowSeconds },
        });
      }
    },
  };
}
