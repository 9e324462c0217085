import type { Database } from '../../connect.js';
import type { Connection } from '../connection.js';

/** Advisory locks are told apart by numbers: "PAY1" in ASCII, and what the lock is of. */
const ofPay = 0x50415931;
/** One at a time makes or changes the schema, uses the books for a moment, and delivers to webhooks. */
const locks = { schema: 1, turn: 2, webhooks: 3 } as const;
/** Each writer holds the lock of its chain: this and the chain's number. */
const ofChain = 100;

export type Lock = keyof typeof locks | { readonly chain: number };

const numberOf = (lock: Lock): number => (typeof lock === 'string' ? locks[lock] : ofChain + lock.chain);

/** Takes a lock that PostgreSQL drops when the connection ends, by this one of the pool or by any; gives whether nobody else has it. */
export async function tryLock(database: Database, lock: Lock, connection?: Connection): Promise<boolean> {
  const sql = 'select pg_try_advisory_lock(?, ?) as taken';
  const [row]: { taken: boolean }[] = await database.raw(sql, [ofPay, numberOf(lock)]).connection(connection);
  return row?.taken === true;
}

export async function unlock(database: Database, lock: Lock): Promise<void> {
  await database.raw('select pg_advisory_unlock(?, ?)', [ofPay, numberOf(lock)]);
}

/** Waits for a lock, so long at most; gives whether it was had. */
export async function waitForLock(database: Database, lock: Lock, waitMs: number): Promise<boolean> {
  const deadlineMs = performance.now() + waitMs;
  while (!(await tryLock(database, lock))) {
    if (performance.now() > deadlineMs) {
      return false;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return true;
}

/** The condition that somebody holds the lock of a chain, whose number is this expression. */
export const chainIsHeld = (chain: string): string => `exists (
  select from pg_locks as l where l.locktype = 'advisory' and l.classid = ${ofPay} and l.objid = ${ofChain} + ${chain}
    and l.database = (select d.oid from pg_database as d where d.datname = current_database()))`;

/** How many writers hold the locks of their chains. */
export async function countWriters(database: Database): Promise<number> {
  const [row]: { writers: number }[] = await database.raw(
    `select count(*) as writers from generate_series(1, ${mostChains}) as chain where ${chainIsHeld('chain')}`,
  );
  return row?.writers ?? 0;
}

/** The chain of those who use the books for a moment, one at a time. */
export const chainOfTurns = 2;
/** More servers on one database would only wait for each other. */
const mostChains = 64;

/** Takes the first chain that no other writer has; undefined where all are taken. */
export async function takeChain(database: Database): Promise<number | undefined> {
  for (let chain = 1; chain <= mostChains; chain += 1) {
    if (chain !== chainOfTurns && (await tryLock(database, { chain }))) {
      return chain;
    }
  }
  return undefined;
}
