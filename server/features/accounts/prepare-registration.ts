import type { Database } from '../../../db/connect.js';
import type { PasswordHasher } from '../credentials/password-hash.js';
import type { PasswordJudge } from '../credentials/password-strength.js';
import { type OpeningCreditParts, openingCreditIn } from './opening-credit.js';
import { refuseWeak } from './refuse-weak.js';
import { type Registration, usernameTaken } from './register-user.js';
import { findUserByName } from './user-store.js';

export interface RegistrationParts extends OpeningCreditParts {
  readonly readers: Database;
  readonly hasher: PasswordHasher;
  readonly judgePassword: PasswordJudge;
}

type Given = Omit<Registration, 'passwordHash' | 'openingCredit'> & { readonly password: string };

/**
 * The decision by which somebody is registered by a caller, named as callers are counted; a one-time password is of our
 * making and not judged. Throws WEAK_PASSWORD, USERNAME_TAKEN, and CONVERSION_UNAVAILABLE where the opening credit cannot be
 * converted now.
 */
export async function prepareRegistration(
  parts: RegistrationParts,
  { password, ...given }: Given,
  caller: string,
): Promise<Registration> {
  const { username, email, currency } = given;
  // The name is looked up before the costly judging and hashing; the ledger judges it again.
  if (await findUserByName(parts.readers, username)) {
    throw usernameTaken(username);
  }
  if (given.oneTimeForMicros === undefined) {
    await refuseWeak(parts.judgePassword, 'password', password, { username, email }, caller);
  }
  return {
    ...given,
    passwordHash: await parts.hasher.hash(password, caller),
    openingCredit: await openingCreditIn(parts, currency),
  };
}
