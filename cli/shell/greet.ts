import { meetServer } from '../api/meet-server.js';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import type { OpenContext } from '../make-context.js';
import { tellFailure } from '../terminal/tell-failure.js';

/** Meets the server through a context that is then closed; a fingerprint that was given is remembered. @throws Failure */
export async function meetThrough({ context, close }: OpenContext): Promise<void> {
  try {
    await meetServer(context);
  } finally {
    await close();
  }
}

/** Whether a shell is of use all the same: one can log in, or wait for the server. Another key than the known one is no such case. */
function isBearable(error: unknown): error is Failure {
  return (
    error instanceof Failure &&
    (error.kind === 'not-logged-in' || (error.kind === 'unreachable' && error.details.figures === undefined))
  );
}

/**
 * Begins a shell on a terminal: says where one is and how to leave. Gives whether the server is away.
 * @throws Failure where there is no sense in going on
 */
export async function greet(context: Context, open: () => Promise<OpenContext>): Promise<boolean> {
  const { server } = await context.account();
  let isAway = false;
  try {
    await meetThrough(await open());
    await context.token();
  } catch (error) {
    if (!isBearable(error)) {
      throw error;
    }
    isAway = error.kind === 'unreachable';
    await tellFailure(error, { stderr: context.stderr, calledAs: 'pay' }, context.isJson);
  }
  await context.say(context.stderr.pen.dim(`${server} · help shows the commands, Ctrl-D leaves`));
  return isAway;
}
