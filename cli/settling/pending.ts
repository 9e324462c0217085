import { createHash } from 'node:crypto';
import type { Target } from '../api/operation.js';
import { type Journal, type JournalRecord, openJournal, type RecordKind, type Stored } from './journal.js';

/** The description of an act for a person, given by the noun that it is of and kept with it. */
export interface ActDescription {
  readonly kind:
    | 'payment'
    | 'refund'
    | 'acceptance'
    | 'request'
    | 'payout'
    | 'collection'
    | 'adjustment'
    | 'undescribed';
  /** The outcome that the act is to have, as it goes on after "whether": "bob was paid 10 GBP". */
  readonly outcome: string;
  /** What a person tells acts of this kind apart by; upper and lower case are the same. */
  readonly marks: readonly string[];
}

/** A POST under an idempotency key that is about to be sent, or was and has no final answer yet. Holds no secret. */
export interface PendingAct<Sent extends object = object, Result = unknown>
  extends JournalRecord,
    ActDescription,
    Target<Sent, Result> {
  readonly key: string;
  readonly body: Sent;
}

type ActId = Pick<PendingAct, 'key'>;

/** The acts that have no final answer yet. */
export type PendingJournal = Journal<PendingAct, ActId>;

// Keys that are file names as they stand, in lower case only: some file systems take two names for one that differ in case.
const plainKey = /^[a-z0-9][a-z0-9_-]{0,99}$/;

function fileName({ key }: ActId): string {
  // A key that somebody chose may hold a slash, or be longer than a file name.
  return plainKey.test(key) ? key : `sha256-${createHash('sha256').update(key).digest('hex')}`;
}

/** The description of an act of an earlier version, which did not keep one with it. */
function describe({ path, kind, outcome, marks }: Stored): ActDescription {
  return typeof kind === 'string' && typeof outcome === 'string' && Array.isArray(marks)
    ? { kind: kind as ActDescription['kind'], outcome, marks }
    : { kind: 'undescribed', outcome: `what an earlier version of pay sent to ${path} was done`, marks: [] };
}

function isAct(stored: Stored): stored is Stored & PendingAct {
  const { key, path, body } = stored;
  return typeof key === 'string' && typeof path === 'string' && typeof body === 'object' && body !== null;
}

const acts: RecordKind<PendingAct, ActId> = {
  folder: 'pending',
  fileName,
  read(found) {
    const stored = { ...found, ...describe(found) };
    return isAct(stored) ? stored : undefined;
  },
  openText: ({ outcome }) => `It is not known whether ${outcome}.`,
  look: 'pay history',
};

/** The journal of acts without a final answer, in `pending` below the folder. */
export const openActs = (folder: string): PendingJournal => openJournal(folder, acts);

/** The contents of an act, which do not depend on the try. */
export type ActContents = Pick<PendingAct, 'path' | 'body' | 'server' | 'user'>;

const field = (body: object, name: string) => (body as Readonly<Record<string, unknown>>)[name];

function isSameBody(one: object, other: object): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  // A member that one act has and the other leaves out is undefined, which is no JSON; a list of payments is told by its
  // text.
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

/** The looks of an act: what a person tells it by. */
export type ActLooks = Pick<PendingAct, 'kind' | 'marks' | 'path' | 'server' | 'user'>;

const looksOf = ({ kind, marks }: ActLooks) => JSON.stringify([kind, ...marks]).toLowerCase();

/**
 * Whether the person who acts would take two acts for the same: payments of the same amount to the same receiver, and
 * adjustments of a user by the same amount; of the others, such as accepting a request or refunding a payment, any two on
 * the same thing. One that was not described may be any on its path.
 */
export function looksTheSame(one: ActLooks, other: ActLooks): boolean {
  if (one.server !== other.server || one.user !== other.user) {
    return false;
  }
  return one.kind === 'undescribed' || other.kind === 'undescribed'
    ? one.path === other.path
    : looksOf(one) === looksOf(other);
}
