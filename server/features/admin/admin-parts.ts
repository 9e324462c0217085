import type { Clock } from '../../clock.js';
import type { LedgerDoor } from '../../ledger/door.js';
import type { RegistrationParts } from '../accounts/prepare-registration.js';
import type { Lists } from '../lists/lists.js';

export interface AdminParts extends RegistrationParts {
  readonly ledger: LedgerDoor;
  readonly lists: Lists;
  readonly machineMicros: Clock;
}
