import type { Api } from '../api/api.js';
import { type ApiAnswer, Unanswered } from '../api/call.js';
import { NothingSent } from '../api/transport.js';
import { verdictOn } from '../api/verdict.js';
import type { PendingAct } from './pending.js';

const tryTimeoutMs = 10_000;

/** The end of one try to send an act. */
export type Try =
  | { readonly end: 'answered'; readonly answer: ApiAnswer }
  | { readonly end: 'open'; readonly reason: string; readonly retryAfterMs: number }
  | { readonly end: 'nothing-sent'; readonly error: NothingSent };

/** How long the server asks to wait, in milliseconds; 0 where it does not. */
export function retryAfterMs(answer: ApiAnswer): number {
  const seconds = Number(answer.headers['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : 0;
}

/** The object that the answer holds; undefined where it is cut, or not from a pay server. */
export function objectOf({ text }: ApiAnswer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a good answer holds what was made: a payment or a request, both after an acceptance, or the results of a payout. */
function holdsResult(answer: ApiAnswer): boolean {
  const object = objectOf(answer);
  return (
    typeof object?.id === 'string' ||
    (typeof object?.request === 'object' && object.request !== null) ||
    Array.isArray(object?.results)
  );
}

/** Whether the answer is a result or a refusal. Anything else, and a 5xx that leaves it open, says as little as no answer. */
function saysSomething(answer: ApiAnswer): boolean {
  const { status } = answer;
  if (status < 300) {
    return holdsResult(answer);
  }
  const isRefusal = status >= 400 && status < 500;
  return isRefusal || verdictOn(status, objectOf(answer)?.code).hasDoneNothing === true;
}

/** Sends an act once under its key. @throws Failure where nobody is logged in or the server is not accepted */
export async function tryAct(pending: PendingAct, api: Api): Promise<Try> {
  try {
    const answer = await api.exchange({
      method: pending.method,
      path: pending.path,
      body: pending.body,
      idempotencyKey: pending.key,
      timeoutMs: tryTimeoutMs,
    });
    return saysSomething(answer)
      ? { end: 'answered', answer }
      : {
          end: 'open',
          reason: `the server answered with ${answer.status}`,
          retryAfterMs: retryAfterMs(answer),
        };
  } catch (error) {
    if (error instanceof NothingSent) {
      return { end: 'nothing-sent', error };
    }
    if (error instanceof Unanswered) {
      return { end: 'open', reason: 'the server did not answer', retryAfterMs: 0 };
    }
    throw error;
  }
}

export type NextStep = 'final' | 'again' | 'give-up';

/** The meaning of a try; `isOpen` says whether this one or an earlier one may have reached the ledger. */
export function judge(last: Try, isOpen: boolean): NextStep {
  if (last.end === 'open') {
    return 'again';
  }
  if (last.end === 'nothing-sent') {
    return isOpen ? 'again' : 'give-up';
  }
  const { status } = last.answer;
  if (status === 408 || status === 429) {
    return 'again';
  }
  const isFinal = status < 300 || verdictOn(status, objectOf(last.answer)?.code).judged !== 'at-door';
  return isFinal || !isOpen ? 'final' : 'give-up';
}
