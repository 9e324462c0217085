import type { Database } from '../../../db/connect.js';
import type { PasswordJudge } from '../credentials/password-strength.js';
import { refuseWeak } from './refuse-weak.js';
import { usernameTaken } from './register-user.js';
import { findUserByName } from './user-store.js';

export interface CheckParts {
  readonly readers: Database;
  readonly judgePassword: PasswordJudge;
}

/** A registration as far as it is typed. */
export interface PartialRegistration {
  readonly username?: string | undefined;
  readonly email?: string | undefined;
  readonly password?: string | undefined;
}

/** Refuses what cannot be registered, as far as it is known. Throws USERNAME_TAKEN, which costs little to see, and WEAK_PASSWORD, in this order. */
export async function checkRegistration(
  { readers, judgePassword }: CheckParts,
  { username, email, password }: PartialRegistration,
  caller: string,
): Promise<void> {
  if (username !== undefined && (await findUserByName(readers, username))) {
    throw usernameTaken(username);
  }
  if (password !== undefined) {
    const owner = { username: username ?? '', email: email ?? '' };
    await refuseWeak(judgePassword, 'password', password, owner, caller);
  }
}
