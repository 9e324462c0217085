import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Act } from '../api/operation.js';
import { readJsonFile } from '../files/read-file.js';
import { removeFile, writePrivateFile } from '../files/write-file.js';

/** What one person is asked for; a bill names its currency. */
export type RequestBody = Act<'POST /v1/requests'> & { readonly currency: string };

/** What one person is asked for, under a key of its own. */
export interface Share {
  readonly key: string;
  readonly body: RequestBody;
}

/** A request to one or several people that is about to be sent, or was and is not known to be complete. Holds no secret. */
export interface Bill {
  readonly key: string;
  readonly shares: readonly Share[];
  /** The command line as it was meant: the same one again goes on with this bill. */
  readonly wish: readonly string[];
  readonly server: string;
  readonly user: string;
  /** RFC 3339. */
  readonly createdAt: string;
  /** The words of the command line that completes it, wherever it is run. */
  readonly command: readonly string[];
}

export interface Bills {
  /** Resolves when the bill, with the keys of all its shares, is on the disk. */
  write(bill: Bill): Promise<void>;
  list(): Promise<readonly Bill[]>;
  remove(key: string): Promise<void>;
}

function isBill(value: Readonly<Record<string, unknown>>): boolean {
  const { key, shares, wish, server, user, command } = value;
  return (
    typeof key === 'string' &&
    Array.isArray(shares) &&
    Array.isArray(wish) &&
    typeof server === 'string' &&
    typeof user === 'string' &&
    Array.isArray(command)
  );
}

/** The bills that are not complete: one file each, in `bills` below the folder. */
export function openBills(folder: string): Bills {
  const bills = join(folder, 'bills');
  const pathOf = (key: string) => join(bills, `${createHash('sha256').update(key).digest('hex')}.json`);

  return {
    write: (bill) =>
      writePrivateFile(pathOf(bill.key), `${JSON.stringify({ version: 1, ...bill }, null, 2)}\n`),
    async list() {
      const names = await readdir(bills).catch(() => []);
      const values = await Promise.all(
        names.filter((name) => name.endsWith('.json')).map((name) => readJsonFile(join(bills, name))),
      );
      return values.flatMap((value) => (value && isBill(value) ? [value as unknown as Bill] : []));
    },
    remove: (key) => removeFile(pathOf(key)),
  };
}

/** Whether the same person on the same server meant the same bill, word for word. */
export function isSameBill(one: Pick<Bill, 'wish' | 'server' | 'user'>, other: Bill): boolean {
  return (
    one.server === other.server &&
    one.user === other.user &&
    one.wish.length === other.wish.length &&
    one.wish.every((word, index) => word === other.wish[index])
  );
}
