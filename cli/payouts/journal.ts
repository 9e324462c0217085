import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../failure/failure.js';
import { withLock } from '../files/lock.js';
import { readJsonFile } from '../files/read-file.js';
import { removeFile, writePrivateFile } from '../files/write-file.js';

/** Whose money a file pays out, and where. */
export interface PayoutOwner {
  readonly server: string;
  /** The username, or a digest of the token where only that is known. */
  readonly user: string;
}

/**
 * What is known on this machine of a payouts file that was begun. Its keys are on the disk before the first of them is
 * sent, so that the same file, run again, repeats the same calls: the server answers those that were made with what it
 * answered then, and makes the others. Holds no secret.
 */
export interface PayoutRecord extends PayoutOwner {
  readonly contentHash: string;
  /** Where the file was, as an absolute path. */
  readonly path: string;
  readonly mode: 'each' | 'all';
  /** How many lines go into one call. */
  readonly callSize: number;
  /** The idempotency key of each call, in the order of the lines. */
  readonly keys: readonly string[];
  /** RFC 3339. */
  readonly createdAt: string;
  /** RFC 3339, once every call has its answer; null before. */
  readonly finishedAt: string | null;
  /** The words of the command line that goes on with it, wherever it is run. */
  readonly command: readonly string[];
}

export interface PayoutJournal {
  /** Runs the work while no other process pays out the same file. @throws Failure where one does */
  alone<Result>(identity: Identity, work: () => Promise<Result>): Promise<Result>;
  /** @throws Failure where there is one that cannot be read: to begin anew might pay twice */
  find(identity: Identity): Promise<PayoutRecord | undefined>;
  /** Resolves when the record is on the disk, to survive a crash of the machine. */
  write(record: PayoutRecord): Promise<void>;
  list(): Promise<readonly PayoutRecord[]>;
  remove(identity: Identity): Promise<void>;
}

/** One content paid out by one account is one record. */
export type Identity = PayoutOwner & Pick<PayoutRecord, 'contentHash'>;

function isRecord(value: Readonly<Record<string, unknown>>): boolean {
  const { contentHash, keys, server, user, command, callSize } = value;
  return (
    typeof contentHash === 'string' &&
    Array.isArray(keys) &&
    typeof callSize === 'number' &&
    typeof server === 'string' &&
    typeof user === 'string' &&
    Array.isArray(command)
  );
}

/** The payouts files that were paid out or begun: one record each, in `payouts` below the folder. */
export function openPayoutJournal(folder: string): PayoutJournal {
  const payouts = join(folder, 'payouts');
  const pathOf = ({ contentHash, server, user }: Identity) => {
    const name = createHash('sha256')
      .update(JSON.stringify([contentHash, server, user]))
      .digest('hex');
    return join(payouts, `${name}.json`);
  };

  async function read(path: string): Promise<PayoutRecord | undefined> {
    const value = await readJsonFile(path);
    if (value && !isRecord(value)) {
      throw new Failure('usage', `The file ${path} is damaged: it holds no record of a payout.`, {
        next: ['See what was paid: pay history', `Then move it away: mv ${path} ${path}.old`],
      });
    }
    return value as unknown as PayoutRecord | undefined;
  }

  return {
    alone: (identity, work) => withLock(`${pathOf(identity)}.lock`, work),
    find: (identity) => read(pathOf(identity)),
    write: (record) =>
      writePrivateFile(pathOf(record), `${JSON.stringify({ version: 1, ...record }, null, 2)}\n`),
    async list() {
      const names = await readdir(payouts).catch(() => []);
      const records = await Promise.all(
        names
          .filter((name) => name.endsWith('.json'))
          .map((name) => read(join(payouts, name)).catch(() => undefined)),
      );
      return records.filter((record) => record !== undefined);
    },
    remove: (identity) => removeFile(pathOf(identity)),
  };
}
