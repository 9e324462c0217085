import type { Database } from '../../db/connect.js';
import type { Cursors } from '../http/cursor.js';
import type { Viewer } from '../http/route.js';
import type { LedgerDoor } from '../ledger/door.js';
import type { Caller } from '../ledger/rule.js';
import type { Reach } from './reach.js';
import type { DeliveryWorker } from './worker.js';

export interface WebhookParts {
  readonly readers: Database;
  readonly ledger: LedgerDoor;
  readonly cursors: Cursors;
  readonly reach: Reach;
  readonly worker: Pick<DeliveryWorker, 'wake'>;
}

interface Asked {
  readonly viewer: Viewer;
  readonly address: string;
  readonly requestId: string;
}

export const callerOf = ({ viewer, address, requestId }: Asked): Caller => ({
  userId: viewer.userId,
  isPerson: viewer.credential.kind === 'session',
  address,
  requestId,
});
