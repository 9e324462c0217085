import { Refusal } from '../../errors.js';
import { isRecoveryCode } from './recovery-codes.js';
import { codeFigures } from './time-codes.js';

const timeCode = new RegExp(`^[0-9]{${codeFigures.digits}}$`);

/** A code that was shown, which has the form of one at least. */
export type ShownCode =
  | { readonly kind: 'time'; readonly code: string }
  | { readonly kind: 'recovery'; readonly code: string };

/** What is said of a text that cannot be a code. */
export const noCode = `must be the ${codeFigures.digits} digits that the app shows, or a recovery code`;

/** The code in a text as people copy it, with blanks anywhere in it; undefined where it cannot be one. */
export function findCode(text: string): ShownCode | undefined {
  const code = text.replaceAll(/\s/g, '');
  if (timeCode.test(code)) {
    return { kind: 'time', code };
  }
  if (isRecoveryCode(code)) {
    return { kind: 'recovery', code };
  }
  return undefined;
}

/**
 * Reads the code of the header.
 * @throws Refusal VALIDATION_FAILED where it cannot be one, which is no guess at it
 */
export function readCode(text: string): ShownCode {
  const code = findCode(text);
  if (code === undefined) {
    throw new Refusal('VALIDATION_FAILED', `Pay-Second-Factor: ${noCode}.`, {
      errors: [{ field: 'Pay-Second-Factor', message: noCode }],
    });
  }
  return code;
}
