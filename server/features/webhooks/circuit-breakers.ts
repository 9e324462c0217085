import type { Clock } from '../../clock.js';

/** How hosts behave that webhooks lead to, as far as what was sent to them lately says. */
export interface CircuitBreakers {
  /** Until when a host is left alone, in microseconds; zero where it is not. */
  pausedUntil(host: string): number;
  /**
   * Whether a host failed, or was slow, when it was last tried: such hosts share a part of the attempts, and the others have
   * the rest.
   */
  isTroubled(host: string): boolean;
  /** Notes what came of an attempt, and how long it took. */
  note(host: string, attempt: { readonly isFailure: boolean; readonly tookMicros: number }): void;
}

/** The failures one after the other, of whichever webhooks, after which a host is left alone. */
const failuresToBreak = 5;
const firstPauseMicros = 30_000_000;
const longestPauseMicros = 600_000_000;
const slowMicros = 2_000_000;
/** The most hosts in trouble that are remembered; those are forgotten that were tried longest ago. */
const mostHosts = 10_000;

interface Trouble {
  readonly failures: number;
  readonly until: number;
}

/** Keeps in mind which hosts fail or are slow. A host that fails again and again is tried once after growing pauses. */
export function makeCircuitBreakers(now: Clock): CircuitBreakers {
  const troubled = new Map<string, Trouble>();
  return {
    pausedUntil(host) {
      const until = troubled.get(host)?.until ?? 0;
      // A longer pause than there can be is of a clock that was ahead.
      return until > now() && until <= now() + longestPauseMicros ? until : 0;
    },
    isTroubled: (host) => troubled.has(host),
    note(host, { isFailure, tookMicros }) {
      const failures = isFailure ? (troubled.get(host)?.failures ?? 0) + 1 : 0;
      troubled.delete(host);
      if (!isFailure && tookMicros < slowMicros) {
        return;
      }
      const beyond = failures - failuresToBreak;
      const pause =
        beyond < 0 ? 0 : Math.min(firstPauseMicros * 2 ** Math.min(beyond, 10), longestPauseMicros);
      troubled.set(host, { failures, until: pause === 0 ? 0 : now() + pause });
      for (const oldest of troubled.keys()) {
        if (troubled.size <= mostHosts) {
          break;
        }
        troubled.delete(oldest);
      }
    },
  };
}

/** The host and port that a URL leads to. */
export const hostOf = (url: string): string => new URL(url).host;
