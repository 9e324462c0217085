import type { UserRow } from '../../../db/tables/users.js';
import { Refusal } from '../../errors.js';

/** Throws ACCOUNT_FROZEN; `act` is what a frozen account cannot do, as a verb. */
export function refuseFrozen({ user }: { readonly user: Pick<UserRow, 'status'> }, act: string): void {
  if (user.status === 'frozen') {
    throw new Refusal('ACCOUNT_FROZEN', `Your account is frozen: it cannot ${act}. Ask an administrator.`);
  }
}
