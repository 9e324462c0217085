import type { Logger } from 'pino';
import type { Database } from '../../../db/connect.js';
import type { Clock } from '../../clock.js';
import type { LedgerDoor } from '../../ledger/door.js';
import { decision } from '../../ledger/rule.js';
import { makeScheduler } from '../../scheduler.js';
import type { After } from '../../timer.js';
import { expireRequest } from './close-request.js';
import { listFirstToExpire } from './request-store.js';

export interface Sweep {
  /** Sees to it that requests are looked at when this time has come, in microseconds since 1970. */
  by(at: number): void;
  /** Looks now: somebody was told of a request that it has expired. */
  wake(): void;
  stop(): Promise<void>;
}

export interface SweepParts {
  readonly readers: Database;
  readonly ledger: Pick<LedgerDoor, 'decide'>;
  readonly now: Clock;
  readonly after: After;
  readonly logger: Pick<Logger, 'warn'>;
}

const mostAtOnce = 100;
/** The pause in which the ledger is left alone that could not close what is due, or whose other clock is behind. */
const pauseMicros = 1_000_000;
/**
 * The longest pause between two looks: nothing waits for this one, which finds what another hand has changed in the
 * database, and a clock that was set.
 */
const idleMicros = 60_000_000;
const caller = { userId: null, isPerson: false, address: '', requestId: 'expiry' };

/**
 * Closes requests when their time is up, so that both sides hear of it. That an expired request cannot be paid does not
 * hang on this: it is judged when somebody tries.
 */
export function sweepExpiredRequests({ readers, ledger, now, after, logger }: SweepParts): Sweep {
  /** Closes what is due, so many at most, and gives when to look again. */
  async function sweep(): Promise<number> {
    const first = await listFirstToExpire(readers, mostAtOnce);
    const due = first.filter(({ expires_at }) => expires_at <= now()).map(({ id }) => id);
    await Promise.all(
      due.map((requestId) => ledger.decide(decision(expireRequest, { input: { requestId }, caller }))),
    );
    const [next] = await listFirstToExpire(readers, 1);
    const idleUntil = now() + idleMicros;
    if (next && due.includes(next.id)) {
      return now() + pauseMicros;
    }
    return next ? Math.min(next.expires_at, idleUntil) : idleUntil;
  }

  async function look(): Promise<void> {
    try {
      scheduler.by(await sweep());
    } catch (error) {
      logger.warn({ err: error }, 'expired requests wait for the ledger or the database');
      scheduler.by(now() + pauseMicros);
    }
  }

  const scheduler = makeScheduler({ now, after, look });
  scheduler.by(now());
  return {
    // Timers reach no further than some weeks.
    by: (at) => scheduler.by(Math.min(at, now() + idleMicros)),
    wake: () => scheduler.by(now()),
    stop: () => scheduler.stop(),
  };
}
