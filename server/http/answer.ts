import { errorCodes, problemJson, Refusal } from '../errors.js';
import type { Context } from './exchange.js';
import type { Answer } from './route.js';

const outcomeUnknown = 'The outcome is unknown: repeat with the same Idempotency-Key.';

/** Sends what a use case answered. */
export function sendAnswer(context: Context, answer: Answer): void {
  context.status = answer.status;
  if ('headers' in answer && answer.headers) {
    context.set(answer.headers);
  }
  if ('content' in answer) {
    context.set('Content-Type', answer.mediaType);
    context.body = answer.content;
    context.state.code = answer.code;
  } else if ('json' in answer) {
    sendJson(context, 'application/json', answer.json);
  } else if ('body' in answer) {
    sendJson(context, 'application/json', JSON.stringify(answer.body));
  }
}

/** Sends a refusal as a problem document (RFC 9457), with the headers that its status asks for. */
export function sendRefusal(context: Context, refusal: Refusal): void {
  context.state.code = refusal.code;
  context.status = refusal.status;
  context.set(headersOf(context, refusal));
  sendJson(
    context,
    'application/problem+json',
    JSON.stringify(problemJson(settled(context, refusal), context.state.requestId)),
  );
}

function sendJson(context: Context, mediaType: string, text: string): void {
  context.set('Content-Type', mediaType);
  context.body = text;
}

/** Whatever was thrown as a refusal; what nobody expected says nothing of itself. */
export function refusalOf(error: unknown): Refusal {
  return error instanceof Refusal
    ? error
    : new Refusal(
        'INTERNAL_ERROR',
        'This should not have happened. Quote the request id when you report it.',
      );
}

/** A failure of the server under a key says what the key is for. */
function settled(context: Context, refusal: Refusal): Refusal {
  if (refusal.status < 500 || !context.state.isUnderKey || refusal.message.includes('Idempotency-Key')) {
    return refusal;
  }
  return new Refusal(refusal.code, `${refusal.message} ${outcomeUnknown}`, refusal.details);
}

function headersOf(context: Context, refusal: Refusal): Record<string, string> {
  const headers: Record<string, string> = {};
  const { allow, retryAfterSeconds } = refusal.details;
  if (allow) {
    headers.Allow = allow.join(', ');
  }
  if (retryAfterSeconds !== undefined || refusal.status === 503 || refusal.status === 429) {
    headers['Retry-After'] = String(retryAfterSeconds ?? 1);
  }
  const challenge = challengeOf(context, refusal);
  if (challenge !== undefined) {
    headers['WWW-Authenticate'] = challenge;
  }
  return headers;
}

/** RFC 6750 §3: every 401 names the scheme, and says what was wrong with a token that was sent. */
function challengeOf(context: Context, refusal: Refusal): string | undefined {
  const { route, viewer } = context.state;
  if (refusal.status === errorCodes.UNAUTHENTICATED.status) {
    const hasSentToken =
      refusal.code === 'UNAUTHENTICATED' && context.req.headers.authorization !== undefined;
    return hasSentToken ? 'Bearer realm="pay", error="invalid_token"' : 'Bearer realm="pay"';
  }
  if (refusal.code === 'FORBIDDEN' && viewer?.credential.kind === 'token' && route?.access.who === 'user') {
    return `Bearer realm="pay", error="insufficient_scope", scope="${route.access.scope}"`;
  }
  return undefined;
}
