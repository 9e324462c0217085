import { TooMuchSaid } from './bounded-connector.js';
import { ForbiddenTarget } from './target-policy.js';

const sentences: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses connections',
  ECONNRESET: 'closed the connection without an answer',
  UND_ERR_SOCKET: 'closed the connection without an answer',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached',
  ETIMEDOUT: 'did not accept the connection in time',
  UND_ERR_CONNECT_TIMEOUT: 'did not accept the connection in time',
  UND_ERR_HEADERS_OVERFLOW: 'answered with headers that are too long',
};

const certificateCodes = /CERT|SIGNATURE|ISSUER|ALTNAME/;

function codeOf(error: unknown): string {
  if (error instanceof AggregateError) {
    return codeOf(error.errors[0]);
  }
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code : '';
}

/** The problem of an attempt, for the owner of the webhook: words of ours, never what the other side sent. */
export function attemptProblem(error: unknown): string {
  if (error instanceof ForbiddenTarget) {
    return error.message;
  }
  if (error instanceof TooMuchSaid) {
    return 'sent more than an answer may hold';
  }
  const code = codeOf(error);
  if (certificateCodes.test(code)) {
    return `has a certificate that is not trusted (${code})`;
  }
  return sentences[code] ?? `could not be talked to${code === '' ? '' : ` (${code})`}`;
}
