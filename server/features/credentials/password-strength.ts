import { isIP } from 'node:net';
import { type ShareTable, undividedShares } from '../../rate-figures.js';
import { makeEstimateThread } from './estimate-thread.js';
import type { IsLeaked } from './leaked-passwords.js';
import { isCloseTo } from './password-similarity.js';
import { preparePassword } from './prepare-password.js';

export interface PasswordOwner {
  readonly username: string;
  readonly email: string;
}

/** Says in a sentence which rule the password fails; undefined where it is good. Callers take turns, by the names that they are counted under. */
export type PasswordJudge = (
  password: string,
  owner: PasswordOwner,
  caller: string,
) => Promise<string | undefined>;

const minLength = 8;

// The fewest guesses that a password must take: fewer do not survive online guessing, and zxcvbn's authors call it "very
// guessable".
const minGuesses = 1e6;

// The most characters that are compared with names, which takes time in proportion to both lengths.
const comparedLength = 100;

function isCloseToEmail(password: string, email: string): boolean {
  const [local = '', domain = ''] = email.split('@');
  return [email, local, domain].some((part) => isCloseTo(password, part.slice(0, comparedLength)));
}

/** The names of the service, and of those whom guessers think of first: `payserver`, `paypal2026`. */
const ownNames = 'pay paypal server payserver payment bank';

/** The words of a host's name, and none of an address. */
const wordsOfHost = (host: string) => (isIP(host) === 0 ? host.replaceAll(/[.:]/g, ' ') : '');

/**
 * Makes the judge of new passwords: at least eight characters, not only digits, not close to the username, the email address, the
 * name of the service or of its hosts, in no list of leaked ones that the operator has, not common (fewer than a million guesses by zxcvbn's estimate). What is cheap to see comes
 * first; the estimate is made in a thread of its own. Throws Refusal OVERLOADED where that has too much to do.
 */
export function makePasswordJudge(
  hosts: readonly string[] = [],
  shares: Pick<ShareTable, 'passwords' | 'passwordsWaiting'> = undividedShares,
  isLeaked: IsLeaked = async () => false,
): PasswordJudge {
  const estimateGuesses = makeEstimateThread(shares);
  const names = [ownNames, ...hosts.map(wordsOfHost)].join(' ').trim();
  return async (password, { username, email }, caller) => {
    const prepared = preparePassword(password);
    if ([...prepared].length < minLength) {
      return `The password is shorter than ${minLength} characters: make it longer.`;
    }
    if (/^\p{Nd}+$/u.test(prepared)) {
      return 'The password is entirely numeric: add letters or words.';
    }
    const compared = prepared.slice(0, comparedLength);
    if (isCloseTo(compared, username.slice(0, comparedLength))) {
      return 'The password is too close to the username: choose another.';
    }
    if (isCloseToEmail(compared, email)) {
      return 'The password is too close to the email address: choose another.';
    }
    if (isCloseTo(compared, names)) {
      return 'The password is too close to the name of this service: choose another.';
    }
    if (await isLeaked(prepared)) {
      return 'The password is in a list of leaked ones, so it would be tried: choose another.';
    }
    return (await estimateGuesses(prepared, caller)) < minGuesses
      ? 'The password is too common, so it would be guessed soon: take several unrelated words.'
      : undefined;
  };
}
