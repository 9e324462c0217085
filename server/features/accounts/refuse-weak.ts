import { Refusal } from '../../errors.js';
import type { PasswordJudge, PasswordOwner } from '../credentials/password-strength.js';

/** Throws WEAK_PASSWORD, which blames the field and says which rule its password fails. */
export async function refuseWeak(
  judgePassword: PasswordJudge,
  field: string,
  password: string,
  owner: PasswordOwner,
  caller: string,
): Promise<void> {
  const weakness = await judgePassword(password, owner, caller);
  if (weakness !== undefined) {
    throw new Refusal('WEAK_PASSWORD', weakness, { errors: [{ field, message: weakness }] });
  }
}
