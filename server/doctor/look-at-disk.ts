import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeDiskUse } from '../features/about/free-disk.js';
import { doubtful, type Finding, right, wrong } from './finding.js';
import { measureSyncs } from './measure-syncs.js';
import { bytesText } from './words.js';

export const diskSpace = 'disk';
export const diskSpeed = 'disk speed';

/** What statfs(2) calls file systems that a database should not be on, and why. */
const unfit: Readonly<Record<number, string>> = {
  16914836: 'in memory (tmpfs), gone with the next boot',
  2240043254: 'in memory (ramfs), gone with the next boot',
  26985: 'on a network file system (NFS), whose locks cannot be relied on',
  4283649346: 'on a network file system (CIFS), whose locks cannot be relied on',
  4266872130: 'on a network file system (SMB), whose locks cannot be relied on',
  2035054128: 'in the layer of a container (overlayfs), gone with the container',
};

/** Room for the copy that an upgrade keeps, and for the log of its migrations. */
const copies = 2;

interface DiskParts {
  /** What the server leaves beside its books, or in their place. */
  readonly path: string;
  /** Whether the books are on this disk; those in PostgreSQL are wherever that keeps them. */
  readonly holdsBooks: boolean;
  /** The room below which the server takes only small writes. */
  readonly floorBytes: number;
}

/** Whether the disk that holds `path` has room, and keeps what is on it. */
export async function lookAtDisk({ path, holdsBooks, floorBytes }: DiskParts): Promise<Finding> {
  const { free, size, database } = await makeDiskUse(path)();
  const { type } = await statfs(dirname(path));
  const room = `${bytesText(free)} of ${bytesText(size)} free`;
  if (free < floorBytes) {
    return wrong(
      diskSpace,
      `${room}, less than PAY_DISK_FLOOR_MB (${bytesText(floorBytes)}): only single payments and other small writes are taken`,
      'Make room, or give it a larger disk.',
    );
  }
  const why = unfit[type >>> 0];
  if (why !== undefined) {
    return doubtful(diskSpace, `${dirname(path)} is ${why}`, 'Name a folder on a disk of this machine.');
  }
  if (!holdsBooks) {
    return right(
      diskSpace,
      `${room} where the data folder is; that of PostgreSQL, which holds the books, is not looked at`,
    );
  }
  if (free < copies * database) {
    return doubtful(
      diskSpace,
      `${room}; the database takes ${bytesText(database)}, and an upgrade needs room for ${copies} more of it`,
      'Make room, or give it a larger disk.',
    );
  }
  return right(diskSpace, `${room}; the database takes ${bytesText(database)}`);
}

/** The time of a sync from which on the disk is slow: one payment after another takes no less, however fast the machine is. */
const slowMs = 20;

const middle = (sorted: readonly number[]) => sorted[Math.floor(sorted.length / 2)] ?? 0;

/** How long the disk takes to say that something is on it. */
export async function lookAtSyncs(folder: string): Promise<Finding> {
  const syncs = await measureSyncs(folder);
  if ('problem' in syncs) {
    return doubtful(
      diskSpeed,
      `not measured (${syncs.problem})`,
      'Look again as the user that runs the server.',
    );
  }
  const sorted = syncs.milliseconds.toSorted((one, other) => one - other);
  const usual = middle(sorted);
  const figures = `a sync takes ${usual.toFixed(usual < 10 ? 1 : 0)} ms, at worst ${(sorted.at(-1) ?? 0).toFixed(0)} ms`;
  return usual > slowMs
    ? doubtful(
        diskSpeed,
        `${figures}: each payment waits for one`,
        'Look what else writes to this disk; a local SSD takes 1 ms or less.',
      )
    : right(diskSpeed, figures);
}
