import type { Clock } from '../../clock.js';
import type { Cursors } from '../../http/answer/cursor.js';
import type { LedgerDoor } from '../../ledger/door.js';
import type { RegistrationParts } from '../accounts/prepare-registration.js';

export interface AdminParts extends RegistrationParts {
  readonly ledger: LedgerDoor;
  readonly cursors: Cursors;
  readonly machineMicros: Clock;
}
