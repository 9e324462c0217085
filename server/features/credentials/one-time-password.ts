import { randomInt } from 'node:crypto';

/**
 * The characters of one-time passwords: small letters and digits without those that look like another: no 0 and o, no 1, i
 * and l.
 */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
const hourMicros = 3_600_000_000;

/** How long a one-time password can be used: of a reset, and of somebody who is registered by an administrator and told later. */
export const oneTimeMicros = { reset: 24 * hourMicros, registration: 7 * 24 * hourMicros } as const;

const groups = 4;
const groupLength = 4;

/** A password that is read out or typed once: 16 characters, 79 bits of chance, in groups of four. */
export function makeOneTimePassword(): string {
  const group = () =>
    Array.from({ length: groupLength }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
  return Array.from({ length: groups }, group).join('-');
}
