import type { Database } from '../../../db/connect.js';
import type { Clock } from '../../clock.js';
import { Refusal } from '../../errors.js';
import type { LedgerDoor } from '../../ledger/door.js';
import type { Caller, Decision, ShownFactor } from '../../ledger/rule.js';
import { tolerableOffsetMicros } from '../../ledger/settle-time.js';
import type { GuessGuard } from '../guesses/guess-guard.js';
import type { GuessKey } from '../guesses/guess-keys.js';
import { findFactor } from './factor-store.js';
import { hashRecoveryCode } from './recovery-codes.js';
import type { Sealer } from './sealed-secret.js';
import { readCode, type ShownCode } from './shown-code.js';
import { stepsOfCode } from './time-codes.js';

export interface CodeParts {
  readonly readers: Database;
  readonly guard: GuessGuard;
  readonly sealer: Sealer;
  readonly machineMicros: Clock;
  /** Whether administrators change nothing without a second factor. */
  readonly adminsNeedFactor: boolean;
}

const cannotOpen = ({ credential }: Caller) =>
  new Refusal(
    'SECOND_FACTOR_REQUIRED',
    'This server cannot check codes of the app now, since it lacks the key to their secret; its operator can see that in the log. A recovery code works.',
    { figures: { reason: 'unreadable' }, ...(credential === undefined && { isAtLogin: true }) },
  );

/** Finds out what a code is worth. The ledger, whose time counts, may be as far off the machine's as is allowed at all. */
function worthOf(
  { kind, code }: ShownCode,
  { secret, user_id }: { readonly secret: string; readonly user_id: number },
  { caller, guesses }: { readonly caller: Caller; readonly guesses: readonly GuessKey[] },
  { sealer, machineMicros }: CodeParts,
): ShownFactor {
  if (kind === 'recovery') {
    return { secret, steps: [], recoveryHash: hashRecoveryCode(code), guesses };
  }
  const opened = sealer.open(secret, user_id);
  if (opened === undefined) {
    throw cannotOpen(caller);
  }
  const steps = stepsOfCode(opened, code, machineMicros(), tolerableOffsetMicros);
  return { secret, steps, recoveryHash: null, guesses };
}

/**
 * The same ledger, for those who may show a code beside what they ask for: what it is worth is found out here, where secrets can
 * be opened; whether it counts is decided in the ledger, with the act. Of a user who has no second factor no code is looked at.
 * Throws RATE_LIMITED where too many were wrong.
 */
export function lookAtCodes(ledger: LedgerDoor, parts: CodeParts): LedgerDoor {
  const { readers, guard, adminsNeedFactor } = parts;

  async function decideWithCode(decision: Decision, shown: ShownCode, caller: Caller) {
    const factor = caller.userId === null ? undefined : await findFactor(readers, caller.userId);
    if (factor === undefined) {
      return ledger.decide({ ...decision, caller });
    }
    const guess = { userId: factor.user_id, name: '', address: caller.address };
    return guard.attempt(guess, (guesses) =>
      ledger.decide({
        ...decision,
        caller: { ...caller, factor: worthOf(shown, factor, { caller, guesses }, parts) },
      }),
    );
  }

  return {
    decide(decision) {
      const { shownCode, ...others } = decision.caller;
      const caller = adminsNeedFactor ? { ...others, adminsNeedFactor } : others;
      if (shownCode !== undefined) {
        return decideWithCode(decision, readCode(shownCode), caller);
      }
      return ledger.decide(adminsNeedFactor ? { ...decision, caller } : decision);
    },
    get waiting() {
      return ledger.waiting;
    },
    broken: ledger.broken,
    close: () => ledger.close(),
  };
}
