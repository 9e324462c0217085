import type { Database } from '../../connect.js';
import { type Lock, tryLock } from './locks.js';

/** How long the lock is waited for again that was lost with its connection: the old one may not have ended yet. */
const retakeMs = 30_000;

export interface KeptLock {
  /** Resolves with the reason when the lock was lost and somebody else has taken it. */
  readonly lost: Promise<string>;
  release(): Promise<void>;
}

/** Keeps a lock that the only connection of this pool holds, and takes it anew when that has broken. */
export async function keepLock(database: Database, lock: Lock): Promise<KeptLock> {
  let isReleased = false;
  let tellLost: (reason: string) => void = () => {};
  const lost = new Promise<string>((resolve) => {
    tellLost = resolve;
  });

  async function retake(): Promise<void> {
    let refusedSinceMs: number | undefined;
    while (!isReleased) {
      const isTaken = await tryLock(database, lock).catch(() => undefined);
      if (isTaken === true) {
        return watch().catch(retake);
      }
      const nowMs = performance.now();
      refusedSinceMs = isTaken === false ? (refusedSinceMs ?? nowMs) : undefined;
      if (refusedSinceMs !== undefined && nowMs - refusedSinceMs > retakeMs) {
        tellLost('the connection to PostgreSQL broke, and another pay-server has taken its place since');
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  async function watch(): Promise<void> {
    const connection = await database.client.acquireConnection();
    connection.once('end', () => {
      if (!isReleased) {
        void retake();
      }
    });
    await database.client.releaseConnection(connection);
  }

  await watch();
  return {
    lost,
    async release() {
      isReleased = true;
      await database.destroy();
    },
  };
}
