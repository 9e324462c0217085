import { isRefusedFor } from '../api/verdict.js';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import { loginHint } from '../settings/no-session.js';

/** The same error; of credentials that the server refuses, with the hint for the account that this command was for. */
export async function withAccountHints(error: unknown, context: Context): Promise<unknown> {
  if (!isRefusedFor(error, 'UNAUTHENTICATED')) {
    return error;
  }
  if (context.environment.PAY_TOKEN) {
    return new Failure(
      error.kind,
      'The token in PAY_TOKEN is not valid: it is mistyped, revoked or has expired.',
      {
        ...error.details,
        next: ['Use your session instead: unset PAY_TOKEN', 'Or make another token: pay tokens create'],
      },
    );
  }
  const next = [loginHint(context.flags, await context.account())];
  return new Failure(error.kind, error.message, { ...error.details, next });
}
