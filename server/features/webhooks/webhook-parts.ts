import type { Database } from '../../../db/connect.js';
import type { Cursors } from '../../http/answer/cursor.js';
import type { LedgerDoor } from '../../ledger/door.js';
import type { Reach } from './reach.js';
import type { DeliveryWorker } from './worker.js';

export interface WebhookParts {
  readonly readers: Database;
  readonly ledger: LedgerDoor;
  readonly cursors: Cursors;
  readonly reach: Reach;
  readonly worker: Pick<DeliveryWorker, 'wake'>;
}
