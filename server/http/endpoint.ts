import { checkAccess } from './access.js';
import { sendAnswer } from './answer.js';
import { type Authenticate, viewerOf } from './bearer.js';
import { LazyCall } from './call.js';
import type { Context } from './exchange.js';
import { mediaTypesOf, negotiate } from './negotiate.js';
import type { LoginAttempt, RateLimiter } from './rate-limiter.js';
import { announcesBody } from './read-body.js';
import { makeInputReader } from './read-input.js';
import type { Access, Answer, Call, Route } from './route.js';

type AnyCall = Call<Access, unknown, unknown, unknown>;
export type Endpoint = (context: Context, params: Readonly<Record<string, string>>) => Promise<void>;

export interface Doorkeepers {
  readonly authenticate: Authenticate;
  /** None where limits are off. */
  readonly rateLimiter: RateLimiter | undefined;
}

/**
 * One route as a function from request to answer. The checks come in a fixed order: who is calling, may they, are they
 * within limits, can they read the answer; then the body (type, size, JSON), the shape of everything, the key.
 */
export function makeEndpoint(route: Route, { authenticate, rateLimiter }: Doorkeepers): Endpoint {
  const mediaTypes = mediaTypesOf(route);
  const { readSent, readInput } = makeInputReader(route);
  const handle = (call: AnyCall) => route.handle(call);
  const { access } = route;

  return async (context, params) => {
    const { state } = context;
    state.route = route;
    state.isUnderKey = route.underKey === true;
    if (access.who !== 'anyone') {
      state.viewer = await viewerOf(context.req.headers.authorization, authenticate);
      checkAccess(access, state.viewer);
    }
    if (rateLimiter !== undefined) {
      await rateLimiter.admit(state, route.rateLimit);
    }
    const mediaType = negotiate(context, mediaTypes);
    const sent = announcesBody(context.req) ? await readSent(context) : undefined;
    const input = readInput(context, params, sent);
    const call = new LazyCall(context, input, mediaType);
    const answer =
      rateLimiter !== undefined && route.rateLimit === 'login'
        ? await handleLogin(call, handle, rateLimiter)
        : await handle(call);
    sendAnswer(context, answer);
  };
}

/** A login is limited by whom it is for, too, which only its body says. */
async function handleLogin(
  call: AnyCall,
  handle: (call: AnyCall) => Promise<Answer>,
  rateLimiter: RateLimiter,
): Promise<Answer> {
  const attempt = loginAttemptOf(call);
  if (attempt === undefined) {
    return handle(call);
  }
  await rateLimiter.admitLogin(attempt);
  const answer = await handle(call);
  if (answer.status < 400) {
    await rateLimiter.noteLogin(attempt);
  }
  return answer;
}

function loginAttemptOf({ body, address }: AnyCall): LoginAttempt | undefined {
  if (
    typeof body !== 'object' ||
    body === null ||
    !('username' in body) ||
    typeof body.username !== 'string'
  ) {
    return undefined;
  }
  return { username: body.username.toLowerCase(), address };
}
