import { createHash } from 'node:crypto';
import type { Context } from '../context.js';

/** The payer of this command, as far as is known here. */
export interface Payer {
  readonly server: string;
  /** The username, or a digest of the token where only that is known. */
  readonly user: string;
  /** The payer's currency, where it is known here. */
  readonly currency?: string;
  readonly profileName?: string;
}

/** The payer, without asking the server. @throws Failure (not-logged-in) */
export async function payerOf(context: Context): Promise<Payer> {
  const token = await context.token();
  const { server, profile, profileName } = await context.account();
  if (context.environment.PAY_TOKEN || profile === undefined) {
    // Sixteen digits of the digest of a random token tell tokens apart and tell nothing else.
    return { server, user: `token ${createHash('sha256').update(token).digest('hex').slice(0, 16)}` };
  }
  return {
    server,
    user: profile.username,
    currency: profile.currency,
    ...(profileName !== undefined && { profileName }),
  };
}
