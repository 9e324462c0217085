import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readJsonFile } from '../config/read-file.js';
import { removeFile, writePrivateFile } from '../config/write-file.js';

/** The body of POST /v1/payments, without what only a rehearsal has. */
export interface PaymentBody {
  readonly to: string;
  readonly amount: string;
  readonly currency?: string;
  readonly memo?: string;
  readonly maxDebit?: string;
}

/** A payment that is about to be sent, or was and has no final answer yet. Holds no secret. */
export interface PendingPayment {
  readonly key: string;
  readonly method: 'POST';
  readonly path: '/v1/payments';
  readonly body: PaymentBody;
  readonly server: string;
  /** Whose money it is: a username, or a digest of the token where that is all that is known. */
  readonly user: string;
  /** RFC 3339. */
  readonly createdAt: string;
  /** The words of the command line that settles it. */
  readonly command: readonly string[];
}

export interface PendingJournal {
  /** Resolves when the payment is on the disk, to survive a crash of the machine. */
  write(payment: PendingPayment): Promise<void>;
  find(key: string): Promise<PendingPayment | undefined>;
  list(): Promise<readonly PendingPayment[]>;
  remove(key: string): Promise<void>;
}

// In lower case only: some file systems take two names for one that differ in case.
const plainKey = /^[a-z0-9][a-z0-9_-]{0,99}$/;

function fileName(key: string): string {
  // A key that somebody chose may hold a slash, or be longer than a file name.
  return plainKey.test(key) ? `${key}.json` : `sha256-${createHash('sha256').update(key).digest('hex')}.json`;
}

function isPending(value: Readonly<Record<string, unknown>>): boolean {
  const { key, body, server, user, command } = value;
  return (
    typeof key === 'string' &&
    typeof body === 'object' &&
    body !== null &&
    typeof server === 'string' &&
    typeof user === 'string' &&
    Array.isArray(command)
  );
}

/** The journal of payments without a final answer: one file each, in `pending` below the folder. */
export function openJournal(folder: string): PendingJournal {
  const pending = join(folder, 'pending');
  const pathOf = (key: string) => join(pending, fileName(key));

  async function read(path: string): Promise<PendingPayment | undefined> {
    const value = await readJsonFile(path);
    return value && isPending(value) ? (value as unknown as PendingPayment) : undefined;
  }

  return {
    write: (payment) =>
      writePrivateFile(pathOf(payment.key), `${JSON.stringify({ version: 1, ...payment }, null, 2)}\n`),
    find: (key) => read(pathOf(key)),
    async list() {
      const names = await readdir(pending).catch(() => []);
      const payments = await Promise.all(
        names.filter((name) => name.endsWith('.json')).map((name) => read(join(pending, name))),
      );
      return payments.filter((payment) => payment !== undefined);
    },
    remove: (key) => removeFile(pathOf(key)),
  };
}

const comparedFields = ['to', 'amount', 'currency', 'memo', 'maxDebit'] as const;

/** Whether two bodies say the same, so that the server takes one under the key of the other. */
export function isSameBody(one: PaymentBody, other: PaymentBody): boolean {
  return comparedFields.every((field) => one[field] === other[field]);
}

/** Whether two payments would be taken for the same by the person who pays: same receiver, same amount. */
export function isSamePayment(
  one: PendingPayment,
  other: Omit<PendingPayment, 'key' | 'command' | 'createdAt'>,
): boolean {
  return (
    one.server === other.server &&
    one.user === other.user &&
    one.body.to.toLowerCase() === other.body.to.toLowerCase() &&
    one.body.amount === other.body.amount &&
    one.body.currency === other.body.currency
  );
}
