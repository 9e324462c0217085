import { Failure } from '../failure/failure.js';

/** What a username is made of, in words. */
export const usernameRule = 'At most 100 of A-Z a-z 0-9 @ . + - _';

/** Whether this can be a username; only the server knows whether it is one. */
export const looksLikeUsername = (text: string): boolean => /^(?!\.+$)[A-Za-z0-9@.+_-]{1,100}$/.test(text);

/** What keeps a name from being one of a user, as a sentence; undefined where it can be one. */
export function usernameFault(name: string): string | undefined {
  return looksLikeUsername(name)
    ? undefined
    : `"${name}" is no username. ${usernameRule}, and not full stops alone, make one.`;
}

/** Refuses a name that no user can have before anything is asked or sent. @throws Failure (usage) */
export function checkUsername(name: string): void {
  const fault = usernameFault(name);
  if (fault !== undefined) {
    throw new Failure('usage', fault, { next: ['Check the spelling.'] });
  }
}
