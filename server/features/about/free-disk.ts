import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Refusal } from '../../errors.js';
import type { DiskFloor } from '../../http/serve/charges.js';

/** What the disk of the database has left for a user that is not root, its size, and what the database takes of it, in bytes. */
export interface DiskUse {
  readonly free: number;
  readonly size: number;
  readonly database: number;
}

/** How long a look at the disk is good enough, in milliseconds: however many ask, it is looked at once. */
const freshMs = 1_000;

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

async function lookAtDisk(databasePath: string): Promise<DiskUse> {
  const [{ bavail, blocks, bsize }, ...sizes] = await Promise.all([
    statfs(dirname(databasePath)),
    sizeOf(databasePath),
    sizeOf(`${databasePath}-wal`),
  ]);
  return { free: bavail * bsize, size: blocks * bsize, database: sizes.reduce((sum, size) => sum + size) };
}

/** Looks at the disk of the database, once a second at most. */
export function makeDiskUse(databasePath: string): () => Promise<DiskUse> {
  let looking: { readonly atMs: number; readonly use: Promise<DiskUse> } | undefined;
  return () => {
    const nowMs = performance.now();
    if (looking === undefined || nowMs - looking.atMs > freshMs) {
      looking = { atMs: nowMs, use: lookAtDisk(databasePath) };
    }
    return looking.use;
  };
}

/** Refuses large writes once the disk has less left than this, so that single payments go on while somebody makes room. */
export const makeDiskFloor =
  (diskUse: () => Promise<DiskUse>, floorBytes: number): DiskFloor =>
  async () => {
    const { free } = await diskUse();
    if (free < floorBytes) {
      throw new Refusal(
        'STORAGE_UNAVAILABLE',
        'The disk of the server is nearly full: for now it takes small requests alone, such as single payments. Nothing was done; try again later, or pay one by one.',
        { retryAfterSeconds: 60, tellsOutcome: true },
      );
    }
  };
