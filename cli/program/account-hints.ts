import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import { hintFor } from '../settings/hint-for.js';
import { loginHint } from '../settings/no-session.js';

/** The refusal of the token in PAY_TOKEN: as one that is not valid, or as one that may not do this. */
function tokenRefused(refusal: Failure): Failure {
  const message =
    refusal.kind === 'not-logged-in'
      ? 'The token in PAY_TOKEN is not valid: it is mistyped, revoked or has expired.'
      : refusal.message;
  return new Failure(refusal.kind, message, {
    ...refusal.details,
    // Tokens are made with a session only, so that the variable must go first.
    next: ['Use your session instead: unset PAY_TOKEN', 'Then make another token: pay tokens create'],
  });
}

async function withWayIn(error: Failure, context: Context): Promise<Failure> {
  if (error.details.problem?.see !== 'logIn') {
    return error;
  }
  if (context.environment.PAY_TOKEN) {
    return tokenRefused(error);
  }
  const next = [loginHint(context.flags, await context.account())];
  return new Failure(error.kind, error.message, { ...error.details, next });
}

/**
 * The same error, with hints that lead to the account of this command: what is to be typed next keeps the flags that say who acts,
 * and where logging in would help, the hint gets that account a session.
 */
export async function withAccountHints(error: unknown, context: Context): Promise<unknown> {
  if (!(error instanceof Failure)) {
    return error;
  }
  const failure = await withWayIn(error, context);
  const { next } = failure.details;
  return next === undefined
    ? failure
    : new Failure(failure.kind, failure.message, {
        ...failure.details,
        next: next.map((hint) => hintFor(context.flags, hint)),
      });
}
