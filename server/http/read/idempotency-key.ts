import { Refusal } from '../../errors.js';

const visibleAscii = /^[\x21-\x7e]{1,255}$/;

/**
 * The Idempotency-Key of a request to a route that knows keys; undefined where this input needs none.
 * @throws Refusal IDEMPOTENCY_KEY_INVALID, also where the key was not needed, or IDEMPOTENCY_KEY_REQUIRED.
 */
export function idempotencyKeyOf(
  header: string | readonly string[] | undefined,
  isNeeded: boolean,
): string | undefined {
  if (header === undefined) {
    if (isNeeded) {
      throw new Refusal(
        'IDEMPOTENCY_KEY_REQUIRED',
        'Send an Idempotency-Key header of your own making, and the same one when you repeat the request.',
      );
    }
    return undefined;
  }
  if (typeof header !== 'string' || !visibleAscii.test(header)) {
    throw new Refusal(
      'IDEMPOTENCY_KEY_INVALID',
      'The Idempotency-Key must be one value of 1 to 255 visible ASCII characters, without spaces.',
    );
  }
  return isNeeded ? header : undefined;
}
