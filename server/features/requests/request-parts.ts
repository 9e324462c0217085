import type { Database } from '../../../db/connect.js';
import type { LedgerDoor } from '../../ledger/door.js';
import type { Converter } from '../conversion/converter.js';
import type { Lists } from '../lists/lists.js';
import type { Sweep } from './expire-requests.js';

/** The parts that the routes of requests are made of. */
export interface RequestParts {
  readonly readers: Database;
  readonly ledger: LedgerDoor;
  readonly lists: Lists;
  /** Another conversion service to ask; undefined where the server's own rates count. */
  readonly converter: Converter | undefined;
  /** Whether a request for more than its payer holds is refused at once. */
  readonly checkFunds: boolean;
  /** Is told when somebody meets a request that is closed, perhaps for its time being up. */
  readonly sweep: Pick<Sweep, 'wake'>;
}
