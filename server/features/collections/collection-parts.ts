import type { Database } from '../../../db/connect.js';
import type { Clock } from '../../clock.js';
import type { LedgerDoor } from '../../ledger/door.js';
import type { Lists } from '../lists/lists.js';

/** The parts that the routes of collections are made of. */
export interface CollectionParts {
  readonly readers: Database;
  readonly ledger: LedgerDoor;
  readonly lists: Lists;
  /** Whether nobody is asked for more than they hold. */
  readonly checkFunds: boolean;
  readonly machineMicros: Clock;
}
