import { Failure } from '../failure/failure.js';
import { shellQuote } from '../terminal/text/shell-quote.js';
import { visible } from '../terminal/text/visible.js';
import type { Account } from './account.js';
import type { Config, Profile } from './config-file.js';
import { type AccountFlags, accountCommand } from './hint-for.js';
import { defaultServer } from './server-address.js';

/** The hint that logs in the account which these flags mean, as it was given to another command. */
export function loginHint(flags: AccountFlags, { profile }: Pick<Account, 'profile'> = {}): string {
  const user = profile === undefined ? [] : [profile.username];
  return `Log in: ${accountCommand(['login', ...user], flags)}`;
}

function joinHints(flags: AccountFlags, account: Pick<Account, 'profile'> = {}): readonly string[] {
  return [loginHint(flags, account), `Or make an account: ${accountCommand(['register'], flags)}`];
}

const namesText = (names: readonly string[]): string =>
  new Intl.ListFormat('en', { type: 'conjunction' }).format(names.map(visible));

/** Which profiles there are: "There are alice and bob"; undefined where there is none. */
function knownProfiles({ profiles }: Config): string | undefined {
  const names = Object.keys(profiles);
  return names.length === 0 ? undefined : `There ${names.length === 1 ? 'is' : 'are'} ${namesText(names)}`;
}

/** Says that there is no profile of this name, and which there are. */
export function noProfile(config: Config, name: string, flags: AccountFlags = {}): Failure {
  const known = knownProfiles(config);
  return new Failure('not-found', `There is no profile ${name}.`, {
    next: known === undefined ? joinHints(flags) : [`${known}: pay profiles list`],
  });
}

/** The hint that takes a profile into use, where none is and no server was named. */
function useHints({ server, profileName }: Account, config: Config, flags: AccountFlags): readonly string[] {
  const known = knownProfiles(config);
  const isNoneInUse = profileName === undefined && flags.server === undefined && server === defaultServer;
  const [first = '', ...others] = Object.keys(config.profiles);
  const name = others.length === 0 ? shellQuote(first) : '<name>';
  return known !== undefined && isNoneInUse ? [`${known}, not in use now: pay profiles use ${name}`] : [];
}

/**
 * The session of a profile, where it has one whose last day has not passed. What else has ended it since, such as being left
 * alone, the server alone knows.
 */
export function openSession(profile: Profile | undefined, now: Date): Profile['session'] {
  const session = profile?.session;
  return session !== undefined && Date.parse(session.expiresAt) > now.getTime() ? session : undefined;
}

function notSaidWhich(server: string, candidates: readonly string[]): Failure {
  return new Failure(
    'usage',
    `On ${server} there are ${namesText(candidates)}, and it is not said which one acts. Nothing was done.`,
    { next: ['Name one: --profile <name>', 'Or make one the current one: pay profiles use <name>'] },
  );
}

/** Says why there is nobody to act as: a profile that is not there, one without a session, or several of which none is named. */
export function noSession(account: Account, config: Config, flags: AccountFlags): Failure {
  const { server, profileName, profile, candidates } = account;
  if (candidates !== undefined) {
    return notSaidWhich(server, candidates);
  }
  if (profileName !== undefined && profile === undefined) {
    return noProfile(config, profileName, flags);
  }
  const who = profileName === undefined ? '' : ` as ${profileName}`;
  return new Failure('not-logged-in', `Nobody is logged in${who} on ${server}.`, {
    next: [...useHints(account, config, flags), ...joinHints(flags, account)],
  });
}
