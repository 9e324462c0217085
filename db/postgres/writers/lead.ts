import { openMaker } from '../../connect.js';
import { holdLock } from './hold-lock.js';
import type { Lock } from './locks.js';

/** How often it is looked whether the one that leads has ended. */
const lookMs = 1_000;

export interface Stoppable {
  stop(): Promise<void>;
}

/**
 * Has something done by one of the servers on a database at a time: begins it when this one holds the lock, and stops it when
 * the connection that holds it breaks, since another may have it then.
 */
export function lead(url: string, lock: Lock, begin: () => Stoppable): Stoppable {
  const database = openMaker(url);
  let underWay: Stoppable | undefined;
  let isStopped = false;
  let next: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    const held = await holdLock(database, lock);
    if (held === undefined) {
      lookLater();
      return;
    }
    if (isStopped) {
      return;
    }
    underWay = begin();
    void held.ended.then(async () => {
      const ended = underWay;
      underWay = undefined;
      await ended?.stop();
      lookLater();
    });
  }

  function lookLater(delayMs = lookMs): void {
    if (!isStopped) {
      next = setTimeout(() => {
        looking = look().catch(() => lookLater());
      }, delayMs);
    }
  }

  lookLater(0);
  return {
    async stop() {
      isStopped = true;
      clearTimeout(next);
      await looking;
      const ended = underWay;
      underWay = undefined;
      await ended?.stop();
      await database.destroy();
    },
  };
}
