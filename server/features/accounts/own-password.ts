import { ledgerAnswer } from '../../http/answer/ledger-answer.js';
import type { Answer, Viewer } from '../../http/contract/route.js';
import { type AskingCall, decide } from '../../ledger/decide.js';
import type { LedgerDoor } from '../../ledger/door.js';
import type { GuessKey } from '../guesses/guess-keys.js';
import { wrongPassword } from './change-password.js';
import { type RefusePassword, refusePassword } from './refuse-password.js';
import { nameKey } from './user-store.js';

/** A try of the caller's own password. */
export const ownGuess = ({ viewer, address }: { readonly viewer: Viewer; readonly address: string }) => ({
  userId: viewer.userId,
  name: nameKey(viewer.username),
  address,
});

/** Refuses what takes the current password once it is in the audit trail that another was given. */
export async function refuseChange(
  ledger: LedgerDoor,
  call: AskingCall & { readonly viewer: Viewer },
  guesses: readonly GuessKey[],
): Promise<Answer> {
  const input: RefusePassword = { userId: call.viewer.userId, guesses };
  const outcome = await decide(ledger, call, refusePassword, input);
  if (outcome.status === 204) {
    throw wrongPassword();
  }
  return ledgerAnswer(outcome);
}
