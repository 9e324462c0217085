import { randomUUID } from 'node:crypto';
import type { SessionJson } from '../../server/features/sessions/wire.js';
import { forgetCache } from '../completion/cache.js';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import {
  type Config,
  findProfile,
  type Profile,
  updateConfig,
  withProfile,
} from '../settings/config-file.js';
import { shellCommand } from '../terminal/text/shell-quote.js';
import { shown } from '../terminal/text/shown.js';

function isOf(profile: Profile, server: string, username: string): boolean {
  return profile.server === server && profile.username.toLowerCase() === username.toLowerCase();
}

/** The name that a profile gets: the one asked for, the one it has, else the username, with the host where that is taken. */
function profileNameFor(config: Config, server: string, username: string, asked?: string): string {
  if (asked !== undefined) {
    return asked;
  }
  const known = Object.entries(config.profiles).find(([, profile]) => isOf(profile, server, username));
  if (known) {
    return known[0];
  }
  return findProfile(config, username) === undefined ? username : `${username}@${new URL(server).host}`;
}

const nameAsked = ({ flags, environment }: Context): string | undefined =>
  flags.profile ?? (environment.PAY_PROFILE || undefined);

/**
 * Refuses to put a session into the profile of another account: whoever names that profile from then on would pay from the wrong one.
 * @throws Failure (usage)
 */
export async function refuseProfileOfAnother(context: Context, username: string): Promise<void> {
  const name = nameAsked(context);
  const profile = name === undefined ? undefined : findProfile(await context.config(), name);
  const { server } = await context.account();
  if (name !== undefined && profile && !isOf(profile, server, username)) {
    throw new Failure(
      'usage',
      `The profile ${name} is that of ${profile.username} on ${profile.server}. Nothing was done for ${username}.`,
      {
        next: [
          `Name another profile, or none: ${username} gets one of its own.`,
          `Or give the name free first: ${shellCommand(['pay', 'profiles', 'remove', name])}`,
        ],
      },
    );
  }
}

/**
 * Keeps a new session: its token in the keychain (or the file), everything else in the profile, which becomes the
 * current one. Gives the name of the profile.
 */
export async function saveSession(context: Context, server: string, session: SessionJson): Promise<string> {
  const { username, currency } = session.user;
  const credentialId = `${username} on ${server} ${randomUUID()}`;
  const store = await context.credentials.keep(credentialId, session.token);
  const asked = nameAsked(context);
  let name = '';
  let before: Config = { profiles: {}, pins: {} };
  await updateConfig(context.folder, (config) => {
    before = config;
    name = profileNameFor(config, server, username, asked);
    const profile: Profile = {
      server,
      username,
      currency,
      session: { credentialId, store, expiresAt: session.expiresAt },
    };
    const announced = store === 'file' && !context.isJson ? { fallbackAnnounced: true } : {};
    return { ...withProfile(config, name, profile), current: name, ...announced };
  });
  const old = findProfile(before, name)?.session;
  if (old) {
    await context.credentials.forget(old);
  }
  if (store === 'file' && before.fallbackAnnounced !== true) {
    await context.say(
      shown`The session is kept in a file that only you can read, in ${context.folder}, not in a system keychain.`,
    );
  }
  if (context.environment.PAY_TOKEN) {
    await context.say(
      shown`PAY_TOKEN is set and goes on saying who acts here. To act as ${username}: unset PAY_TOKEN`,
    );
  }
  return name;
}

/** Takes the session out of a profile, here only, and forgets what Tab knew of the account. */
export async function forgetSession(context: Context, name: string): Promise<void> {
  const config = await context.config();
  const profile = findProfile(config, name);
  await updateConfig(context.folder, (current) => {
    const profile = findProfile(current, name);
    if (profile === undefined) {
      return current;
    }
    const { session: _ended, ...rest } = profile;
    return withProfile(current, name, rest);
  });
  if (profile?.session) {
    await context.credentials.forget(profile.session);
    await forgetCache(context.folder, { server: profile.server, user: profile.username });
  }
}
