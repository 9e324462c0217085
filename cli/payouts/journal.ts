import { createHash } from 'node:crypto';
import {
  type Journal,
  type JournalRecord,
  type Owner,
  openJournal,
  type RecordKind,
  type Stored,
} from '../settling/journal.js';

/**
 * A payouts file that was begun, as far as it is known on this machine. Its keys are on the disk before the first of them is
 * sent, so that the same file, run again, repeats the same calls: the server answers those that were made with what it
 * answered then, and makes the others. Holds no secret.
 */
export interface PayoutRecord extends JournalRecord {
  readonly contentHash: string;
  /** Where the file was, as an absolute path. */
  readonly path: string;
  readonly mode: 'each' | 'all';
  /** How many lines go into one call. */
  readonly callSize: number;
  /** The idempotency key of each call, in the order of the lines. */
  readonly keys: readonly string[];
  /** When every call had its answer, RFC 3339; null before. */
  readonly finishedAt: string | null;
}

/** The identity of a record: one content paid out by one account is one record. */
export type Identity = Owner & Pick<PayoutRecord, 'contentHash'>;

/** The payouts files that were paid out or begun. */
export type PayoutJournal = Journal<PayoutRecord, Identity>;

function isPayout(stored: Stored): stored is Stored & PayoutRecord {
  const { contentHash, keys, callSize } = stored;
  return typeof contentHash === 'string' && Array.isArray(keys) && typeof callSize === 'number';
}

const kind: RecordKind<PayoutRecord, Identity> = {
  folder: 'payouts',
  fileName: ({ contentHash, server, user }) =>
    createHash('sha256')
      .update(JSON.stringify([contentHash, server, user]))
      .digest('hex'),
  read: (stored) => (isPayout(stored) ? stored : undefined),
  openText: ({ path, finishedAt }) =>
    finishedAt === null ? `The file ${path} was not paid out to its end.` : undefined,
  look: 'pay history --direction sent',
};

/** The journal of payouts files, in `payouts` below the folder. */
export const openPayouts = (folder: string): PayoutJournal => openJournal(folder, kind);
