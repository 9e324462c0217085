import type { Context } from '../context.js';

/** The words for whose money it is, as far as the person can mistake it: the profile where it has another name, the server where there are several. */
export async function fromWhom(
  context: Pick<Context, 'account' | 'config' | 'environment'>,
  username: string,
): Promise<string> {
  const [{ server, profileName }, { profiles }] = await Promise.all([context.account(), context.config()]);
  const servers = new Set([server, ...Object.values(profiles).map((profile) => profile.server)]);
  const by = context.environment.PAY_TOKEN
    ? ' (by PAY_TOKEN)'
    : profileName === undefined || profileName === username
      ? ''
      : ` (profile ${profileName})`;
  return `${username}${by}${servers.size > 1 ? ` on ${server}` : ''}`;
}
