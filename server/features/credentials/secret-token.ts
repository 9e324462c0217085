import { hash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const secretLength = 24;
const checksumLength = 6;
const form = /^pay_(?:ses|pat)_[0-9A-Za-z]{30}$/;

export type TokenPrefix = 'pay_ses_' | 'pay_pat_' | 'pay_inv_';

export interface SecretToken {
  /** The token as it is shown to its owner once; it is stored nowhere. */
  readonly token: string;
  /** The hash that the database keeps. */
  readonly hash: string;
}

function makeSecret(): string {
  return Array.from({ length: secretLength }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}

function checksumOf(text: string): string {
  let rest = crc32(text);
  let digits = '';
  while (digits.length < checksumLength) {
    digits = alphabet.charAt(rest % alphabet.length) + digits;
    rest = Math.floor(rest / alphabet.length);
  }
  return digits;
}

/**
 * The hash that the database keeps of a token: its SHA-256 in hex. A token has 142 bits of chance, so nothing slower is
 * needed.
 */
export function hashToken(token: string): string {
  return hash('sha256', token, 'hex');
}

/**
 * A new token: the prefix, 24 random base62 characters and six more that are the CRC-32 of all before them, so that a scanner
 * knows a leaked one from a look-alike and a mistyped one never reaches the database.
 */
export function makeToken(prefix: TokenPrefix): SecretToken {
  const body = prefix + makeSecret();
  const token = body + checksumOf(body);
  return { token, hash: hashToken(token) };
}

/** Whether prefix, length, characters and checksum are those of a session's or a script's token that this program made. */
export function isWellFormedToken(text: string): boolean {
  return form.test(text) && text.endsWith(checksumOf(text.slice(0, -checksumLength)));
}
