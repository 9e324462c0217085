import type { Logger } from 'pino';
import type { Database } from '../../../db/connect.js';
import type { Clock } from '../../clock.js';
import type { LedgerDoor } from '../../ledger/door.js';
import { decision } from '../../ledger/rule.js';
import { expireRequest } from './close-request.js';
import { listExpired } from './request-store.js';

export interface Sweep {
  stop(): Promise<void>;
}

export interface SweepParts {
  readonly readers: Database;
  readonly ledger: LedgerDoor;
  readonly machineMicros: Clock;
  readonly logger: Logger;
  readonly everyMs?: number;
}

const mostAtOnce = 100;
const caller = { userId: null, isPerson: false, address: '', requestId: 'expiry' };

/**
 * Closes requests whose time is up, so that both sides hear of it. That an expired request cannot be paid does not hang
 * on this: it is judged when somebody tries.
 */
export function sweepExpiredRequests({
  readers,
  ledger,
  machineMicros,
  logger,
  everyMs = 1000,
}: SweepParts): Sweep {
  let timer: NodeJS.Timeout | undefined;
  let isStopping = false;

  async function sweep(): Promise<void> {
    try {
      const ids = await listExpired(readers, machineMicros(), mostAtOnce);
      await Promise.all(
        ids.map((requestId) => ledger.decide(decision(expireRequest, { input: { requestId }, caller }))),
      );
    } catch (error) {
      logger.warn({ err: error }, 'expired requests wait for the next sweep');
    }
  }

  let underWay: Promise<void> = Promise.resolve();
  function schedule(): void {
    timer = setTimeout(() => {
      underWay = sweep().then(() => {
        if (!isStopping) {
          schedule();
        }
      });
    }, everyMs);
    timer.unref();
  }
  schedule();

  return {
    async stop() {
      isStopping = true;
      clearTimeout(timer);
      await underWay;
    },
  };
}
