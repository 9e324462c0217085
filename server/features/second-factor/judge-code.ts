import type { SecondFactorRow } from '../../../db/tables/credentials.js';
import type { ShownFactor } from '../../ledger/rule.js';
import { skewSteps, stepAt } from './time-codes.js';

/** The change of a second factor by a code that is used. */
export type UsedCode = { readonly last_step: number } | { readonly recovery: string };

/** The hashes of the recovery codes that are left. */
export const recoveryHashes = ({ recovery }: Pick<SecondFactorRow, 'recovery'>): readonly string[] =>
  recovery === '' ? [] : recovery.split(' ');

/**
 * The change by a code that is right at `now`, in microseconds; undefined where it is not. A code of the app counts in its
 * own step of time and one before and after it, and never once a code of that step or a later one was used; a recovery code
 * counts once.
 */
export function judgeCode(
  row: Pick<SecondFactorRow, 'secret' | 'last_step' | 'recovery'>,
  shown: Pick<ShownFactor, 'secret' | 'steps' | 'recoveryHash'>,
  now: number,
): UsedCode | undefined {
  if (row.secret !== shown.secret) {
    return undefined;
  }
  const step = shown.steps.find((one) => Math.abs(one - stepAt(now)) <= skewSteps && one > row.last_step);
  if (step !== undefined) {
    return { last_step: step };
  }
  const left = recoveryHashes(row);
  return shown.recoveryHash !== null && left.includes(shown.recoveryHash)
    ? { recovery: left.filter((one) => one !== shown.recoveryHash).join(' ') }
    : undefined;
}
