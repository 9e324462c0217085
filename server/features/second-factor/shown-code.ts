import { Refusal } from '../../errors.js';
import { isRecoveryCode } from './recovery-codes.js';
import { codeFigures } from './time-codes.js';

const timeCode = new RegExp(`^[0-9]{${codeFigures.digits}}$`);

/** A code that was shown, which has the form of one at least. */
export type ShownCode =
  | { readonly kind: 'time'; readonly code: string }
  | { readonly kind: 'recovery'; readonly code: string };

/**
 * Reads a code as people copy it, with blanks anywhere in it.
 * @throws Refusal VALIDATION_FAILED where it cannot be one, which is no guess at it
 */
export function readCode(text: string): ShownCode {
  const code = text.replaceAll(/\s/g, '');
  if (timeCode.test(code)) {
    return { kind: 'time', code };
  }
  if (isRecoveryCode(code)) {
    return { kind: 'recovery', code };
  }
  const message = `must be the ${codeFigures.digits} digits that the app shows, or a recovery code`;
  throw new Refusal('VALIDATION_FAILED', `Pay-Second-Factor: ${message}.`, {
    errors: [{ field: 'Pay-Second-Factor', message }],
  });
}
