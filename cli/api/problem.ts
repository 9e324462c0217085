import type { FailureKind } from '../exit-status.js';
import { Failure } from '../failure.js';
import { visible } from '../terminal/visible.js';
import { inOwnWords } from './own-words.js';

type Json = Readonly<Record<string, unknown>>;

// What says that the input itself is not as it should be ends like a mistake in the command line.
const usageCodes = new Set([
  'VALIDATION_FAILED',
  'INVALID_AMOUNT',
  'UNKNOWN_CURRENCY',
  'MALFORMED_JSON',
  'MALFORMED_REQUEST',
  'INVALID_CURSOR',
  'IDEMPOTENCY_KEY_INVALID',
  'IDEMPOTENCY_KEY_REQUIRED',
  'BODY_TOO_LARGE',
]);

const kinds: Readonly<Record<number, FailureKind>> = {
  401: 'not-logged-in',
  403: 'not-allowed',
  404: 'not-found',
  408: 'unreachable',
  429: 'unreachable',
};

/** Which kind of end a refusal of the server is. */
export function kindOfProblem(status: number, code: string): FailureKind {
  if (status >= 500) {
    return 'unreachable';
  }
  return kinds[status] ?? (usageCodes.has(code) ? 'usage' : 'refused');
}

const nextSteps: Readonly<Record<string, readonly string[]>> = {
  UNAUTHENTICATED: ['Log in: pay login'],
  INVALID_CREDENTIALS: ['Check the spelling, or make an account: pay register'],
  FORBIDDEN: ['See what your tokens may do: pay tokens list'],
  PASSWORD_CHANGE_REQUIRED: ['Choose a new one: pay password'],
  INSUFFICIENT_FUNDS: ['See what you have: pay balance'],
  USERNAME_TAKEN: ['Choose another one, or log in: pay login'],
  EMAIL_TAKEN: ['Use another one, or log in: pay login'],
  RATE_CHANGED: ['See the fresh figures by running the command again.'],
  REQUEST_CLOSED: ['See how it ended: pay requests --all'],
  UNKNOWN_CURRENCY: ['See the currencies: pay rates'],
  CLOCK_UNAVAILABLE: [
    'The timestamp service of the server is down. Try again; `pay time` tells when it is back.',
  ],
};

// What the server says to programs, in the words of this one.
const ownTexts: Readonly<Record<string, string>> = {
  PASSWORD_CHANGE_REQUIRED: 'Your password is a one-time one: nothing else is allowed until it is changed.',
};

function nextOf(code: string, retryAfter: string | undefined): readonly string[] {
  const seconds = Number(retryAfter);
  const again = Number.isInteger(seconds) && seconds > 0 ? [`Try again in ${seconds} s.`] : [];
  return [...(nextSteps[code] ?? []), ...again];
}

function fieldsOf(problem: Json): { field: string; message: string }[] {
  const errors: unknown[] = Array.isArray(problem.errors) ? problem.errors : [];
  return errors.flatMap((error) => {
    const { field, message } = (error ?? {}) as Json;
    return typeof field === 'string' && typeof message === 'string'
      ? [{ field: visible(field), message: visible(inOwnWords(message).text) }]
      : [];
  });
}

/** The failure that a problem document (RFC 9457) of the server stands for. */
export function failureOf(status: number, problem: Json, retryAfter?: string): Failure {
  const code = typeof problem.code === 'string' ? problem.code : '';
  const text = [ownTexts[code], problem.detail, problem.title].find(
    (part): part is string => typeof part === 'string' && part !== '',
  );
  const own = inOwnWords(text ?? `The server answered with ${status}.`);
  const next = nextOf(code, retryAfter);
  return new Failure(kindOfProblem(status, code), visible(own.text), {
    next: next.length > 0 ? next : own.next,
    fields: fieldsOf(problem),
    problem,
  });
}
