import { hash, randomInt } from 'node:crypto';

/** How many recovery codes are given when a second factor is switched on. */
export const recoveryCodes = 10;

/** The characters of recovery codes: small letters and digits without those that look like another: no 0 and o, no 1, i and l. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
const groups = 6;
const groupLength = 4;

/** A code as it is compared: without what makes it easier to read. */
const plain = (code: string) => code.replaceAll('-', '').toLowerCase();

/**
 * The hash that the database keeps of a recovery code: its SHA-256 in hexadecimal. A code has 118 bits of chance, so that
 * nothing slower is needed (ASVS 5.0, 6.5.2).
 */
export const hashRecoveryCode = (code: string): string => hash('sha256', plain(code), 'hex');

/** Whether a text has the form of a recovery code. */
export const isRecoveryCode = (text: string): boolean => /^[a-z0-9]{24}$/.test(plain(text));

function makeCode(): string {
  const group = () =>
    Array.from({ length: groupLength }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
  return Array.from({ length: groups }, group).join('-');
}

/** Ten new codes, each to be used once where the app is lost. */
export const makeRecoveryCodes = (): string[] => Array.from({ length: recoveryCodes }, makeCode);
