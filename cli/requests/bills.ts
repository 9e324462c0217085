import { createHash } from 'node:crypto';
import type { Act } from '../api/operation.js';
import {
  type Journal,
  type JournalRecord,
  openJournal,
  type RecordKind,
  type Stored,
} from '../settling/journal.js';

/** The body of the request to one person; a bill names its currency. */
export type RequestBody = Act<'POST /v1/requests'> & { readonly currency: string };

/** One share of a bill: the request to one person, under a key of its own. */
export interface Share {
  readonly key: string;
  readonly body: RequestBody;
}

/** A request to one or several people that is about to be sent, or was and is not known to be complete. Holds no secret. */
export interface Bill extends JournalRecord {
  readonly key: string;
  readonly shares: readonly Share[];
  /** The command line as it was meant: the same one again goes on with this bill. */
  readonly terms: readonly string[];
}

type BillId = Pick<Bill, 'key'>;

/** The bills that are not complete. */
export type Bills = Journal<Bill, BillId>;

function openText({ shares }: Bill): string {
  const whom = shares.map(({ body }) => body.from).join(', ');
  return `It is not known whether ${whom} ${shares.length === 1 ? 'was' : 'were all'} asked for money.`;
}

function isBill(stored: Stored): stored is Stored & Bill {
  return typeof stored.key === 'string' && Array.isArray(stored.shares) && Array.isArray(stored.terms);
}

const kind: RecordKind<Bill, BillId> = {
  folder: 'bills',
  fileName: ({ key }) => createHash('sha256').update(key).digest('hex'),
  // Earlier versions called the terms a wish.
  read({ wish, terms = wish, ...others }) {
    const stored = { ...others, terms };
    return isBill(stored) ? stored : undefined;
  },
  openText,
  look: 'pay requests --outgoing',
};

/** The journal of bills, in `bills` below the folder. */
export const openBills = (folder: string): Bills => openJournal(folder, kind);

/** Whether the same person on the same server meant the same bill, word for word. */
export function isSameBill(one: Pick<Bill, 'terms' | 'server' | 'user'>, other: Bill): boolean {
  return (
    one.server === other.server &&
    one.user === other.user &&
    one.terms.length === other.terms.length &&
    one.terms.every((word, index) => word === other.terms[index])
  );
}
