import { meetServer } from '../api/meet-server.js';
import { isRefusedFor } from '../api/verdict.js';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import { accountCommand } from '../settings/hint-for.js';

/** The same failure with what to type, where an invitation would open the door. */
export function namingInvitation(
  { flags }: Pick<Context, 'flags'>,
  error: unknown,
  invitation: string | undefined,
): unknown {
  const mayHelp =
    isRefusedFor(error, 'REGISTRATION_CLOSED') &&
    invitation === undefined &&
    error.details.fields?.some(({ field }) => field === '--invitation');
  return mayHelp
    ? new Failure(error.kind, error.message, {
        ...error.details,
        next: [
          `With the one that you were given: ${accountCommand(['register'], flags)} --invitation pay_inv_…`,
        ],
      })
    : error;
}

/**
 * Refuses whoever cannot register before they are asked for anything: where nobody may, where it takes an invitation, and
 * where theirs is none. Who asks too often is let through, to be judged when all is sent. @throws Failure
 */
export async function refuseWhereClosed(context: Context, invitation: string | undefined): Promise<void> {
  await meetServer(context);
  try {
    const api = await context.api();
    await api.call('POST /v1/users/check', {
      body: invitation === undefined ? {} : { invitation },
      isAnonymous: true,
      isQuiet: true,
    });
  } catch (error) {
    if (!isRefusedFor(error, 'RATE_LIMITED')) {
      throw namingInvitation(context, error, invitation);
    }
  }
}
