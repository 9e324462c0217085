import { createHash } from 'node:crypto';
import {
  type Journal,
  type JournalRecord,
  type Owner,
  openJournal,
  type RecordKind,
  type Stored,
} from '../../settling/journal.js';
import type { PayoutItem } from '../file/payout-line.js';

/**
 * A payouts file that was begun, as far as it is known on this machine. Its keys are on the disk before the first of them is
 * sent, so that the same file, run again, repeats the same calls: the server answers those that were made with what it
 * answered then, and makes the others. Holds no secret.
 */
export interface PayoutRecord extends JournalRecord {
  /** The hash of what the lines say; in the records of earlier versions, that of the file's bytes. */
  readonly contentHash: string;
  /** Where the file was, as an absolute path. */
  readonly path: string;
  readonly mode: 'each' | 'all';
  /** How many lines go into one call. */
  readonly callSize: number;
  /** The idempotency key of each call, in the order of the lines. */
  readonly keys: readonly string[];
  /**
   * The payments in the order in which they are sent, so that the calls can be repeated from a file that is written in another
   * way. Gone once the payout is finished; earlier versions kept none.
   */
  readonly items?: readonly PayoutItem[];
  /**
   * The digests of the lines that were paid by the payout, once it is finished, and of those that it passed over since they
   * were paid before. Gone after a while; earlier versions kept none.
   */
  readonly digests?: readonly string[];
  /** The payer's currency, which digests depend on. */
  readonly currency?: string;
  /** When every call had its answer, RFC 3339; null before. */
  readonly finishedAt: string | null;
}

/** The identity of a record: one content paid out by one account is one record. */
export type Identity = Owner & Pick<PayoutRecord, 'contentHash'>;

/** The payouts files that were paid out or begun. */
export type PayoutJournal = Journal<PayoutRecord, Identity>;

function isPayout(stored: Stored): stored is Stored & PayoutRecord {
  const { contentHash, keys, callSize, items = [], digests = [] } = stored;
  return (
    typeof contentHash === 'string' &&
    [keys, items, digests].every(Array.isArray) &&
    typeof callSize === 'number'
  );
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

/** The payouts of one payer among those of everybody here. */
export const ownPayouts = (
  records: readonly PayoutRecord[],
  { server, user }: Owner,
): readonly PayoutRecord[] => records.filter((record) => record.server === server && record.user === user);
