import { Failure } from '../failure/failure.js';
import { type ApiAnswer, type Call, Unanswered } from './call.js';
import { failureOf } from './problem.js';
import { NothingSent } from './transport.js';

/** The object that a text holds as JSON; undefined where it holds none. */
export function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** The JSON of a good answer; the failure that any other answer stands for is thrown. */
export function goodJson(answer: ApiAnswer, server: string): unknown {
  if (answer.status === 204) {
    return undefined;
  }
  const body = jsonObject(answer.text);
  const isGood = answer.status >= 200 && answer.status < 300;
  if (isGood && body !== undefined) {
    return body;
  }
  if (!isGood && typeof body?.code === 'string') {
    throw failureOf(answer.status, body, answer.headers['retry-after']);
  }
  throw new Failure('unreachable', `${server} answered (${answer.status}), but not as a pay server does.`, {
    next: ['Check the address of the server: --server or PAY_SERVER'],
  });
}

const networkTexts: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name cannot be looked up now',
  ETIMEDOUT: 'it does not answer',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no network',
  ECONNRESET: 'it closed the connection',
};

function networkReason(error: unknown): string {
  let reason = error;
  while (reason instanceof Error && reason.cause instanceof Error) {
    reason = reason.cause;
  }
  const { code, message } = reason as NodeJS.ErrnoException;
  return (code !== undefined && networkTexts[code]) || message || String(code ?? 'no connection');
}

/** Says that a server cannot be reached, so that nothing happened. */
export function unreachable(server: string, error: unknown): Failure {
  return new Failure(
    'unreachable',
    `${server} cannot be reached: ${networkReason(error)}. Nothing happened.`,
    {
      next: ['Check that the server runs (pay-server start), and its address: --server or PAY_SERVER'],
      cause: error,
    },
  );
}

interface Place {
  readonly server: string;
  readonly signal: AbortSignal;
}

/** The failure that a command tells when its call ended with this. */
export function failureFrom(error: unknown, call: Call, parts: Place): unknown {
  if (error instanceof Failure && error.kind === 'not-found' && call.ifNotFound) {
    return new Failure(error.kind, error.message, { ...error.details, next: call.ifNotFound });
  }
  if (!(error instanceof NothingSent || error instanceof Unanswered)) {
    return error;
  }
  if (error instanceof Unanswered && call.ifUnknown) {
    const text = `${parts.server} gave no answer: it is not known whether this happened (${networkReason(error)}).`;
    return new Failure('unknown', text, { next: call.ifUnknown, cause: error });
  }
  if (parts.signal.aborted) {
    return new Failure('interrupted', 'Interrupted.');
  }
  // The server did answer where it is a file of ours that failed, such as that of the servers that are accepted.
  return error.cause instanceof Failure ? error.cause : unreachable(parts.server, error);
}

/** Whether an answer leaves it open what happened: 503 says that nothing was written, behind any other 5xx a change may have been made. */
export function leavesOpen(answer: ApiAnswer, call: Call): boolean {
  return call.ifUnknown !== undefined && answer.status >= 500 && answer.status !== 503;
}
