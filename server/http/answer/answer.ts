import { Readable } from 'node:stream';
import { type ErrorCode, errorCodes, problemJson, Refusal } from '../../errors.js';
import type { Context, Exchange } from '../contract/exchange.js';
import { type Answer, scopesOf } from '../contract/route.js';

const outcomeUnknown = 'The outcome is unknown: repeat with the same Idempotency-Key.';

/** Sends what a use case answered. */
export function sendAnswer(context: Context, answer: Answer): void {
  const { headers } = answer;
  if ('content' in answer) {
    context.state.code = answer.code;
    if (answer.content instanceof Readable) {
      sendStream(context, answer.status, answer.content, answer.mediaType, headers);
    } else {
      const said = answer.code === undefined ? headers : { ...headers, ...challengeHeader(context, answer) };
      send(context, answer.status, answer.content, answer.mediaType, said);
    }
  } else if ('json' in answer) {
    send(context, answer.status, answer.json, 'application/json', headers);
  } else if ('body' in answer) {
    send(context, answer.status, JSON.stringify(answer.body), 'application/json', headers);
  } else {
    sendNothing(context, answer.status, headers);
  }
}

/** Sends a refusal as a problem document (RFC 9457), with the headers that its status asks for. */
export function sendRefusal(context: Context, refusal: Refusal): void {
  context.state.code = refusal.code;
  const problem = problemJson(settled(context, refusal), context.state.requestId);
  send(
    context,
    refusal.status,
    JSON.stringify(problem),
    'application/problem+json',
    headersOf(context, refusal),
  );
}

/** The headers of an answer besides those of every answer: name and value in turns. */
function ownHeaders({ requestId, rateLimit }: Exchange, headers: Answer['headers']): string[] {
  const lines = ['X-Request-Id', requestId];
  if (rateLimit !== undefined) {
    lines.push('RateLimit-Policy', rateLimit.policy, 'RateLimit', rateLimit.left);
  }
  for (const name in headers) {
    const value = String(headers[name]);
    const place = lines.indexOf(name);
    // A refusal for too much says what is left of that.
    if (place === -1) {
      lines.push(name, value);
    } else {
      lines[place + 1] = value;
    }
  }
  return lines;
}

/**
 * Sends an answer that is there as a whole: all headers in one call, and head and body in one write. Koa would set each
 * header by itself, so it is told that its part is done.
 */
function send(
  context: Context,
  status: number,
  content: string | Buffer,
  mediaType: string,
  headers: Answer['headers'],
): void {
  if (status === 204) {
    sendNothing(context, status, headers);
    return;
  }
  const { res, state } = context;
  const lines = ownHeaders(state, headers);
  lines.push('Content-Type', mediaType, 'Content-Length', String(Buffer.byteLength(content)));
  context.respond = false;
  state.writeHead(res, status, lines);
  res.end(content);
}

function sendNothing(context: Context, status: number, headers: Answer['headers']): void {
  context.respond = false;
  context.state.writeHead(context.res, status, ownHeaders(context.state, headers));
  context.res.end();
}

/** Leaves to Koa what is not there yet: it ends the stream with the connection and the connection with the stream. */
function sendStream(
  context: Context,
  status: number,
  content: Readable,
  mediaType: string,
  headers: Answer['headers'],
): void {
  const { res, state } = context;
  if (res.destroyed) {
    // Nobody would read it to its end or break it off, and it would hold for ever what it reads from.
    context.respond = false;
    content.destroy();
    return;
  }
  state.writeHead(res, status, [...ownHeaders(state, headers), 'Content-Type', mediaType]);
  state.stream = content;
}

/** Whatever was thrown as a refusal; an outage of what stands below is one that passes, and what nobody expected says nothing of itself. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) {
    return error;
  }
  const { isOutage, isBusy } = (error ?? {}) as { readonly isOutage?: unknown; readonly isBusy?: unknown };
  return isOutage === true || isBusy === true
    ? new Refusal('STORAGE_UNAVAILABLE', 'The database does not answer now. Try again in a moment.', {
        retryAfterSeconds: 5,
      })
    : new Refusal(
        'INTERNAL_ERROR',
        'This should not have happened. Quote the request id when you report it.',
      );
}

/** A failure of the server under a key says what the key is for. */
function settled(context: Context, refusal: Refusal): Refusal {
  if (refusal.status < 500 || !context.state.isUnderKey || refusal.details.tellsOutcome) {
    return refusal;
  }
  return new Refusal(refusal.code, `${refusal.message} ${outcomeUnknown}`, refusal.details);
}

function headersOf(context: Context, refusal: Refusal): Record<string, string> {
  const headers: Record<string, string> = {};
  const { allow, retryAfterSeconds, rateLimit } = refusal.details;
  if (rateLimit) {
    // draft-ietf-httpapi-ratelimit-headers-10: the policy, and that nothing is left of it for so long.
    const { name, points, windowSeconds } = rateLimit;
    headers['RateLimit-Policy'] = `"${name}";q=${points};w=${windowSeconds}`;
    headers.RateLimit = `"${name}";r=0;t=${retryAfterSeconds ?? windowSeconds}`;
  }
  if (allow) {
    headers.Allow = allow.join(', ');
  }
  if (retryAfterSeconds !== undefined || refusal.status === 503 || refusal.status === 429) {
    headers['Retry-After'] = String(retryAfterSeconds ?? 1);
  }
  return { ...headers, ...challengeHeader(context, refusal) };
}

interface Refused {
  readonly status: number;
  readonly code?: ErrorCode | undefined;
}

function challengeHeader(context: Context, refused: Refused): Record<string, string> {
  const challenge = challengeOf(context, refused);
  return challenge === undefined ? {} : { 'WWW-Authenticate': challenge };
}

/** RFC 6750 §3: every 401 names the scheme, and says what was wrong with a token that was sent. */
function challengeOf(context: Context, refusal: Refused): string | undefined {
  const { route, viewer } = context.state;
  if (refusal.status === errorCodes.UNAUTHENTICATED.status) {
    const hasSentToken =
      refusal.code === 'UNAUTHENTICATED' && context.req.headers.authorization !== undefined;
    return hasSentToken ? 'Bearer realm="pay", error="invalid_token"' : 'Bearer realm="pay"';
  }
  if (refusal.code === 'FORBIDDEN' && viewer?.credential.kind === 'token' && route?.access.who === 'user') {
    return `Bearer realm="pay", error="insufficient_scope", scope="${scopesOf(route.access).join(' ')}"`;
  }
  return undefined;
}
