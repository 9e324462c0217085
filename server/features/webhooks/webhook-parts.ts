import type { Database } from '../../../db/connect.js';
import type { Gate } from '../../http/serve/bounded-gate.js';
import type { LedgerDoor } from '../../ledger/door.js';
import type { Lists } from '../lists/lists.js';
import type { PostAndRead } from './endpoint/post-delivery.js';
import type { TargetPolicy } from './endpoint/target-policy.js';
import type { DeliveryWorker } from './worker.js';

export interface WebhookParts {
  readonly readers: Database;
  readonly ledger: LedgerDoor;
  readonly lists: Lists;
  readonly targets: TargetPolicy;
  /** Posts the challenge and reads what is answered. */
  readonly post: PostAndRead;
  /** The gate of challenges, of which only so many are under way at once. */
  readonly gate: Gate;
  readonly worker: Pick<DeliveryWorker, 'wake'>;
}
