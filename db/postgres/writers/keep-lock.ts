import type { Database } from '../../connect.js';
import { type HeldLock, holdLock } from './hold-lock.js';
import type { Lock } from './locks.js';

/** How long the lock is waited for again that was lost with its connection: the old one may not have ended yet. */
const retakeMs = 30_000;

export interface KeptLock {
  /** How often the lock was taken; undefined while it is lost, and somebody else may have it. */
  readonly taken: number | undefined;
  /** Resolves with the reason when the lock was lost and somebody else has taken it. */
  readonly lost: Promise<string>;
  release(): Promise<void>;
}

/** Takes a lock, which may be had already, by the only connection of this pool, and takes it anew when that has broken. Gives undefined where somebody else has it. */
export async function keepLock(database: Database, lock: Lock): Promise<KeptLock | undefined> {
  let isReleased = false;
  let times = 0;
  let isHeld = false;
  let tellLost: (reason: string) => void = () => {};
  const lost = new Promise<string>((resolve) => {
    tellLost = resolve;
  });

  async function retake(): Promise<void> {
    let refusedSinceMs: number | undefined;
    while (!isReleased) {
      // Null where PostgreSQL does not answer, which refuses nothing.
      const held = await holdLock(database, lock).catch(() => null);
      if (held) {
        watch(held);
        return;
      }
      const nowMs = performance.now();
      refusedSinceMs = held === undefined ? (refusedSinceMs ?? nowMs) : undefined;
      if (refusedSinceMs !== undefined && nowMs - refusedSinceMs > retakeMs) {
        tellLost('the connection to PostgreSQL broke, and another pay-server has taken its place since');
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  function watch({ ended }: HeldLock): void {
    times += 1;
    isHeld = true;
    void ended.then(() => {
      isHeld = false;
      return retake();
    });
  }

  const first = await holdLock(database, lock);
  if (first === undefined) {
    return undefined;
  }
  watch(first);
  return {
    lost,
    get taken() {
      return isHeld ? times : undefined;
    },
    async release() {
      isReleased = true;
      await database.destroy();
    },
  };
}
