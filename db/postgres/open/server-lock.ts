import type { Database } from '../../connect.js';

/** Advisory locks are told apart by numbers: "PAY1" in ASCII, and what the lock is of. */
const ofPay = 0x50415931;
const locks = { server: 1, turn: 2 } as const;

/** Takes a lock that PostgreSQL drops when the connection ends; gives whether nobody else has it. */
export async function tryLock(database: Database, lock: keyof typeof locks): Promise<boolean> {
  const [row]: { taken: boolean }[] = await database.raw(
    `select pg_try_advisory_lock(${ofPay}, ${locks[lock]}) as taken`,
  );
  return row?.taken === true;
}

/** Waits for a lock, so long at most; gives whether it was had. */
export async function waitForLock(
  database: Database,
  lock: keyof typeof locks,
  waitMs: number,
): Promise<boolean> {
  const deadlineMs = performance.now() + waitMs;
  while (!(await tryLock(database, lock))) {
    if (performance.now() > deadlineMs) {
      return false;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return true;
}

/** How long the lock is waited for again that was lost with its connection: the old one may not have ended yet. */
const retakeMs = 30_000;

export interface KeptLock {
  /** Resolves with the reason when the lock was lost and somebody else has taken it. */
  readonly lost: Promise<string>;
  release(): Promise<void>;
}

/** Keeps the lock of the server, which the only connection of this pool holds, and takes it anew when that has broken. */
export async function keepServerLock(database: Database): Promise<KeptLock> {
  let isReleased = false;
  let tellLost: (reason: string) => void = () => {};
  const lost = new Promise<string>((resolve) => {
    tellLost = resolve;
  });

  async function retake(): Promise<void> {
    let refusedSinceMs: number | undefined;
    while (!isReleased) {
      const isTaken = await tryLock(database, 'server').catch(() => undefined);
      if (isTaken === true) {
        return watch().catch(retake);
      }
      const nowMs = performance.now();
      refusedSinceMs = isTaken === false ? (refusedSinceMs ?? nowMs) : undefined;
      if (refusedSinceMs !== undefined && nowMs - refusedSinceMs > retakeMs) {
        tellLost('the connection to PostgreSQL broke, and another pay-server has taken the database since');
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
