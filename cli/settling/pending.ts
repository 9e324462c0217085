import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Target } from '../api/operation.js';
import { readJsonFile } from '../files/read-file.js';
import { removeFile, writePrivateFile } from '../files/write-file.js';

/** What an act is to a person, said by the noun that it is of and kept with it. */
export interface ActDescription {
  readonly kind: 'payment' | 'refund' | 'acceptance' | 'request' | 'payout' | 'adjustment';
  /** What it is to have brought about, as it goes on after "whether": "bob was paid 10 GBP". */
  readonly outcome: string;
  /** What a person tells acts of this kind apart by; upper and lower case are the same. */
  readonly marks: readonly string[];
}

/** A POST under an idempotency key that is about to be sent, or was and has no final answer yet. Holds no secret. */
export interface PendingAct<Sent extends object = object, Result = unknown>
  extends ActDescription,
    Target<Sent, Result> {
  readonly key: string;
  readonly body: Sent;
  readonly server: string;
  /** Whose act it is: a username, or a digest of the token where that is all that is known. */
  readonly user: string;
  /** RFC 3339. */
  readonly createdAt: string;
  /** The words of the command line that settles it. */
  readonly command: readonly string[];
}

export interface PendingJournal {
  /** Resolves when the act is on the disk, to survive a crash of the machine. */
  write(act: PendingAct): Promise<void>;
  find(key: string): Promise<PendingAct | undefined>;
  list(): Promise<readonly PendingAct[]>;
  remove(key: string): Promise<void>;
}

// In lower case only: some file systems take two names for one that differ in case.
const plainKey = /^[a-z0-9][a-z0-9_-]{0,99}$/;

function fileName(key: string): string {
  // A key that somebody chose may hold a slash, or be longer than a file name.
  return plainKey.test(key) ? `${key}.json` : `sha256-${createHash('sha256').update(key).digest('hex')}.json`;
}

function isPending(value: Readonly<Record<string, unknown>>): boolean {
  const { key, path, body, server, user, command, kind, outcome, marks } = value;
  return (
    typeof key === 'string' &&
    typeof path === 'string' &&
    typeof body === 'object' &&
    body !== null &&
    typeof server === 'string' &&
    typeof user === 'string' &&
    Array.isArray(command) &&
    typeof kind === 'string' &&
    typeof outcome === 'string' &&
    Array.isArray(marks)
  );
}

/** The journal of acts without a final answer: one file each, in `pending` below the folder. */
export function openJournal(folder: string): PendingJournal {
  const pending = join(folder, 'pending');
  const pathOf = (key: string) => join(pending, fileName(key));

  async function read(path: string): Promise<PendingAct | undefined> {
    const value = await readJsonFile(path);
    return value && isPending(value) ? (value as unknown as PendingAct) : undefined;
  }

  return {
    write: (act) => writePrivateFile(pathOf(act.key), `${JSON.stringify({ version: 1, ...act }, null, 2)}\n`),
    find: (key) => read(pathOf(key)),
    async list() {
      const names = await readdir(pending).catch(() => []);
      const acts = await Promise.all(
        names.filter((name) => name.endsWith('.json')).map((name) => read(join(pending, name))),
      );
      return acts.filter((act) => act !== undefined);
    },
    remove: (key) => removeFile(pathOf(key)),
  };
}

/** What of an act does not depend on the try. */
export type ActContents = Pick<PendingAct, 'path' | 'body' | 'server' | 'user'>;

const field = (body: object, name: string) => (body as Readonly<Record<string, unknown>>)[name];

function isSameBody(one: object, other: object): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  // What one has and the other leaves out is undefined, which is no JSON; a list of payments is told by its text.
  const textOf = (body: object, name: string) => JSON.stringify(field(body, name));
  return [...names].every((name) => textOf(one, name) === textOf(other, name));
}

/** Whether two acts say the same, so that the server takes one under the key of the other. */
export function isSameAct(one: ActContents, other: ActContents): boolean {
  return (
    one.server === other.server &&
    one.user === other.user &&
    one.path === other.path &&
    isSameBody(one.body, other.body)
  );
}

/** What a person tells acts by. */
export type ActLooks = Pick<PendingAct, 'kind' | 'marks' | 'server' | 'user'>;

const looksOf = ({ kind, marks }: ActLooks) => JSON.stringify([kind, ...marks]).toLowerCase();

/**
 * Whether the person who acts would take two acts for the same: payments of the same amount to the same receiver, and
 * adjustments of a user by the same amount; of the others, such as accepting a request or refunding a payment, any two on
 * the same thing.
 */
export function looksTheSame(one: ActLooks, other: ActLooks): boolean {
  return one.server === other.server && one.user === other.user && looksOf(one) === looksOf(other);
}
