import type { LimitName, LimitTable } from '../../rate-figures.js';
import { callerName } from '../contract/caller-name.js';
import type { Exchange } from '../contract/exchange.js';
import type { Route } from '../contract/route.js';
import { bodyLimitBytes } from '../read/read-body.js';
import { type CallerLimiter, type KeptCounts, makeCallerLimiter, type ShareCounts } from './rate-limiter.js';

/** What is counted of every caller, whatever route they call. */
export interface CallerLimits {
  readonly caller: CallerLimiter;
  readonly sent: CallerLimiter;
  readonly items: CallerLimiter;
  readonly stored: CallerLimiter;
  /** Answers that something is not known, or not there. */
  readonly misses: CallerLimiter;
  /** What is counted of every caller of one route alone. */
  ofRoute(name: LimitName, route: Route): CallerLimiter;
}

export interface LimitParts {
  /** Keeps what each leaves behind for good, which no restart may forgive. */
  readonly leftBehind?: KeptCounts | undefined;
  /** Tells other servers what is taken here, and hears from them. */
  readonly shareCounts?: ShareCounts | undefined;
}

export function makeCallerLimits(
  limits: LimitTable,
  { leftBehind, shareCounts }: LimitParts = {},
): CallerLimits {
  const limiter = (name: LimitName, kept?: KeptCounts) =>
    makeCallerLimiter(name, limits, { kept, shared: shareCounts?.(name) });
  return {
    caller: limiter('caller'),
    sent: limiter('sent'),
    items: limiter('items'),
    stored: limiter('stored', leftBehind),
    misses: limiter('misses'),
    ofRoute: (name, { method, path }) =>
      makeCallerLimiter(name, limits, { shared: shareCounts?.(`${method} ${path}`) }),
  };
}

/** The largest body of a small write: one beyond this, or more than one act, is none. */
const smallBytes = 4_096;

/** What an act leaves behind for good, in kibibytes: rows, their indexes, an event for each side and the answer under its key. */
const kibibytesOfAct = 2;

/** Throws STORAGE_UNAVAILABLE where the disk is so full that only small writes pass. */
export type DiskFloor = () => Promise<void>;

/** The act that is asked for, as far as it says what it costs. */
interface Asked {
  readonly body: unknown;
  readonly isDryRun: boolean;
}

type Charged = Promise<unknown> | undefined;

/**
 * The charges of a request, to what its caller may take of what all share; undefined where it costs nothing. Each throws
 * RATE_LIMITED where that is more than is left.
 */
export interface Charges {
  /** The charge of a request, before anything of its body is read. */
  readonly ofRequest: ((state: Exchange) => Promise<void>) | undefined;
  /**
   * The charge of a body of so many bytes, before it is read; one that comes in chunks, of which that is not known, may have
   * as many as the route takes.
   */
  readonly ofBytes: (state: Exchange, announced: number | undefined) => Charged;
  /** The charge of what is asked for, before it is done. Throws STORAGE_UNAVAILABLE, too. */
  readonly ofAct: (state: Exchange, asked: Asked, bytes: number) => Charged;
}

/** The charges of a route; where nobody is limited there is still the disk. */
export function makeCharges(route: Route, ofCaller: CallerLimits | undefined, diskFloor: DiskFloor): Charges {
  const own = route.rateLimit && ofCaller?.ofRoute(route.rateLimit, route);
  const policy = [ofCaller?.caller, own].flatMap((limiter) => limiter?.policy ?? []).join(', ');
  const { bodyLimitBytes: mostBytes = bodyLimitBytes } = route;
  const stores = route.method !== 'GET' && route.access.who !== 'anyone';

  async function takeItems(caller: string, items: number, { isDryRun }: Asked, kibibytes: number) {
    if (route.itemsOf !== undefined) {
      await ofCaller?.items.take(caller, items);
    }
    if (stores && !isDryRun) {
      await ofCaller?.stored.take(caller, items * kibibytesOfAct + kibibytes);
    }
  }

  return {
    ofRequest:
      ofCaller &&
      (async (state) => {
        const caller = callerName(state);
        const left = await ofCaller.caller.take(caller);
        state.rateLimit = { policy, left: own === undefined ? left : `${left}, ${await own.take(caller)}` };
      }),
    ofBytes(state, announced = mostBytes) {
      // What is beyond what the route takes is not read.
      const kibibytes = Math.floor(Math.min(announced, mostBytes) / 1024);
      return kibibytes === 0 ? undefined : ofCaller?.sent.take(callerName(state), kibibytes);
    },
    ofAct(state, asked, bytes) {
      const items = route.itemsOf?.(asked.body) ?? 1;
      const taking = ofCaller && takeItems(callerName(state), items, asked, Math.floor(bytes / 1024));
      const isLarge = stores && !asked.isDryRun && (items > 1 || bytes > smallBytes);
      return isLarge ? Promise.resolve(taking).then(diskFloor) : taking;
    },
  };
}
