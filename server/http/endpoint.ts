import { z } from 'zod';
import { Refusal } from '../errors.js';
import { checkAccess } from './access.js';
import { sendAnswer } from './answer.js';
import { type Authenticate, viewerOf } from './bearer.js';
import type { Context } from './exchange.js';
import { idempotencyKeyOf } from './idempotency-key.js';
import { mediaTypesOf, negotiate } from './negotiate.js';
import { parseQueryString } from './query-string.js';
import type { LoginAttempt, RateLimiter } from './rate-limiter.js';
import { readJsonBody } from './read-body.js';
import type { Access, Answer, Call, Route } from './route.js';
import { validate } from './validate.js';

type AnyCall = Call<Access, unknown, unknown, unknown>;
type Endpoint = (context: Context, params: Readonly<Record<string, string>>) => Promise<void>;

export interface Doorkeepers {
  readonly authenticate: Authenticate;
  /** None where limits are off. */
  readonly rateLimiter: RateLimiter | undefined;
}

const nothing = z.strictObject({});

/**
 * One route as a function from request to answer. The checks come in a fixed order: who is calling, may they, are they
 * within limits, can they read the answer; then the body (type, size, JSON), the shape of everything, the key.
 */
export function makeEndpoint(route: Route, { authenticate, rateLimiter }: Doorkeepers): Endpoint {
  const mediaTypes = mediaTypesOf(route);
  const readInput = makeInputReader(route);
  const handle = route.handle as (call: AnyCall) => Promise<Answer>;
  const { access } = route;

  return async (context, params) => {
    const { state } = context;
    state.route = route;
    state.isUnderKey = route.needsKey !== undefined;
    if (access.who !== 'anyone') {
      state.viewer = await viewerOf(context.req.headers.authorization, authenticate);
      checkAccess(access, state.viewer);
    }
    if (rateLimiter !== undefined) {
      await rateLimiter.admit(state, route.rateLimit);
    }
    const mediaType = negotiate(context, mediaTypes);
    const input = await readInput(context, params);
    const call = makeCall(context, input, mediaType);
    const answer =
      rateLimiter !== undefined && route.rateLimit === 'login'
        ? await handleLogin(call, handle, rateLimiter)
        : await handle(call);
    sendAnswer(context, answer);
  };
}

interface Input {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly idempotencyKey: string | undefined;
}

function makeInputReader(
  route: Route,
): (context: Context, params: Readonly<Record<string, string>>) => Promise<Input> {
  const bodySchema = route.body ?? nothing;
  const emptyBody = emptyBodyOf(bodySchema);
  const querySchema = route.query ?? nothing;

  return async (context, params) => {
    const sent = await readJsonBody(context.req, context.res);
    if (sent === undefined && emptyBody === undefined) {
      throw new Refusal('MALFORMED_JSON', 'The body is empty; it must be a JSON object.');
    }
    const path = route.params && validate(route.params, params, 'path');
    const query = validate(querySchema, parseQueryString(context.querystring), 'query');
    const body = validate(bodySchema, sent === undefined ? emptyBody?.value : sent, 'body');
    return {
      params: path,
      query: route.query && query,
      body: route.body && body,
      idempotencyKey: route.needsKey && readKey(context, route.needsKey(body)),
    };
  };
}

/** What an empty body stands for: nothing, or an object without members; undefined where the schema takes neither. */
function emptyBodyOf(schema: z.ZodType): { readonly value: unknown } | undefined {
  return [{ value: undefined }, { value: {} }].find(({ value }) => schema.safeParse(value).success);
}

function readKey(context: Context, isNeeded: boolean): string | undefined {
  context.state.isUnderKey = isNeeded;
  return idempotencyKeyOf(context.req.headers['idempotency-key'], isNeeded);
}

function makeCall(context: Context, input: Input, mediaType: string): AnyCall {
  const { viewer, requestId, address } = context.state;
  let controller: AbortController | undefined;
  return {
    viewer,
    ...input,
    requestId,
    address,
    mediaType,
    // Few routes look at it, so it is made for those that do.
    get signal() {
      controller ??= abortWhenGone(context);
      return controller.signal;
    },
  };
}

function abortWhenGone({ res }: Context): AbortController {
  const controller = new AbortController();
  if (res.closed) {
    controller.abort();
  }
  res.once('close', () => {
    if (!res.writableFinished) {
      controller.abort();
    }
  });
  return controller;
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
  await rateLimiter.noteLogin(attempt);
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
