import type { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { isCloseTo } from './password-similarity.js';
import { preparePassword } from './prepare-password.js';

export interface PasswordOwner {
  readonly username: string;
  readonly email: string;
}

/** Says in a sentence which rule the password fails; undefined where it is good. */
export type PasswordJudge = (password: string, owner: PasswordOwner) => Promise<string | undefined>;

const minLength = 8;

// Fewer guesses than this do not survive online guessing: the bound below which zxcvbn's authors call it "very guessable".
const minGuesses = 1e6;

// The time that zxcvbn takes grows faster than the text; so many characters take some hundredths of a second at worst.
const judgedLength = 32;
const maxSubstitutions = 16;

// Comparing with names takes time in proportion to both lengths.
const comparedLength = 100;

async function loadEstimator(): Promise<ZxcvbnFactory> {
  // The dictionaries take a quarter of a second to read.
  const [{ ZxcvbnFactory: Factory }, common, english] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-en'),
  ]);
  return new Factory({
    dictionary: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
    maxLength: judgedLength,
    l33tMaxSubstitutions: maxSubstitutions,
  });
}

/** A long password is common only where both its beginning and its end are. */
function isCommon(password: string, estimator: ZxcvbnFactory): boolean {
  const ends = new Set([password.slice(0, judgedLength), password.slice(-judgedLength)]);
  return [...ends].every((end) => estimator.check(end).guesses < minGuesses);
}

function isCloseToEmail(password: string, email: string): boolean {
  const [local = '', domain = ''] = email.split('@');
  return [email, local, domain].some((part) => isCloseTo(password, part.slice(0, comparedLength)));
}

/**
 * Makes the judge of new passwords: at least eight characters, not only digits, not common (fewer than a million guesses by
 * zxcvbn's estimate), not close to the username or the email address. The dictionaries are read at the first judgement.
 */
export function makePasswordJudge(): PasswordJudge {
  let estimator: Promise<ZxcvbnFactory> | undefined;
  return async (password, { username, email }) => {
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
    estimator ??= loadEstimator();
    return isCommon(prepared, await estimator)
      ? 'The password is too common, so it would be guessed soon: take several unrelated words.'
      : undefined;
  };
}
