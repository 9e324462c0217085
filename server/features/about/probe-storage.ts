import { statfs } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../../db/connect.js';
import { Refusal } from '../../errors.js';
import type { LedgerDoor } from '../../ledger/door.js';
import { decision, defineRule, done } from '../../ledger/rule.js';

/** A decision that writes nothing, but has its turn with the write lock like any that does. */
export const probeStorage = defineRule<null>('probe-storage', {
  needsTime: false,
  needsTurn: true,
  reads: () => [],
  decide: () => done,
});

/** Gives why nothing can be saved now, or undefined when it can. Never rejects. */
export type StorageProbe = () => Promise<string | undefined>;

export interface StorageProbeParts {
  readonly readers: Database;
  readonly ledger: LedgerDoor;
  /** The folder of the database; undefined where that is no file of this machine. */
  readonly folder: string | undefined;
}

const patienceMs = 2_000;
const retryMs = 100;
/** The room that some batches take. */
const leastRoomBytes = 128 * 1024;

const noTurn = 'The database cannot be written now: another program holds it, or its disk fails.';

async function isRead({ readers }: StorageProbeParts): Promise<boolean> {
  return readers.raw('select 1 from chain_heads limit 1').then(
    () => true,
    () => false,
  );
}

async function hasRoom({ folder }: StorageProbeParts): Promise<boolean> {
  if (folder === undefined) {
    return true;
  }
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize >= leastRoomBytes;
}

const caller = { userId: null, isPerson: false, address: 'local', requestId: 'readiness' };

const isOverload = (error: unknown) => error instanceof Refusal && error.code === 'OVERLOADED';

/**
 * Resolves when the ledger has answered at all: that it cannot write now is an answer too. Where it takes no more, a turn is
 * asked for again until there is one. Rejects where it has stopped.
 */
export async function waitForTurn(ledger: LedgerDoor): Promise<void> {
  for (;;) {
    try {
      await ledger.decide(decision(probeStorage, { input: null, caller }));
      return;
    } catch (error) {
      if (!isOverload(error)) {
        throw error;
      }
    }
    await sleep(retryMs);
  }
}

async function hasTurn({ ledger }: StorageProbeParts): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), patienceMs);
  });
  const turn = ledger.decide(decision(probeStorage, { input: null, caller })).then(
    ({ status }) => status === 204,
    () => false,
  );
  const isInTime = await Promise.race([turn, late]);
  clearTimeout(timer);
  return isInTime;
}

async function findProblem(parts: StorageProbeParts): Promise<string | undefined> {
  if (!(await isRead(parts))) {
    return 'The database cannot be read.';
  }
  if (!(await hasRoom(parts).catch(() => true))) {
    return 'There is no room left on the disk of the database.';
  }
  return (await hasTurn(parts)) ? undefined : noTurn;
}

/** Looks whether payments can be saved. However many ask at a time, one look serves them all. */
export function makeStorageProbe(parts: StorageProbeParts): StorageProbe {
  let looking: Promise<string | undefined> | undefined;
  return () => {
    looking ??= findProblem(parts).finally(() => {
      looking = undefined;
    });
    return looking;
  };
}
