import { Failure } from '../failure/failure.js';
import { visible } from '../terminal/text/visible.js';
import type { Account } from './account.js';
import type { Config } from './config-file.js';

const loginHints = ['Log in: pay login', 'Or make an account: pay register'];

/** Says that there is no profile of this name, and which there are. */
export function noProfile({ profiles }: Config, name: string): Failure {
  const names = Object.keys(profiles).map(visible);
  const known = new Intl.ListFormat('en', { type: 'conjunction' }).format(names);
  return new Failure('not-found', `There is no profile ${name}.`, {
    next:
      names.length === 0
        ? loginHints
        : [`There ${names.length === 1 ? 'is' : 'are'} ${known}: pay profiles list`],
  });
}

/** Says why there is nobody to act as: a profile that is not there, or one without a session. */
export function noSession({ server, profileName, profile }: Account, config: Config): Failure {
  if (profileName !== undefined && profile === undefined) {
    return noProfile(config, profileName);
  }
  const who = profileName === undefined ? '' : ` as ${profileName}`;
  return new Failure('not-logged-in', `Nobody is logged in${who} on ${server}.`, { next: loginHints });
}
