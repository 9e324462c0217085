import type { Context } from '../context.js';
import type { Owner } from './cache.js';

/** The owner of the values that are to be completed; undefined where nobody is logged in. The token itself is not looked for. @throws Failure */
export async function ownerOf({ account, environment }: Context): Promise<Owner | undefined> {
  const { server, profile } = await account();
  if (environment.PAY_TOKEN) {
    const { createHash } = await import('node:crypto');
    const digest = createHash('sha256').update(environment.PAY_TOKEN).digest('hex');
    return { server, user: `token ${digest.slice(0, 16)}` };
  }
  return profile?.session && { server, user: profile.username };
}
