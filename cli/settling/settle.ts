import type { Api } from '../api/api.js';
import type { ApiAnswer } from '../api/call.js';
import { goodJson, unreachable } from '../api/judge-answer.js';
import { failureOf } from '../api/problem.js';
import { Failure } from '../failure/failure.js';
import { shellCommand } from '../terminal/text/shell-quote.js';
import { type Shown, shown } from '../terminal/text/shown.js';
import type { PendingAct, PendingJournal } from './pending.js';
import { judge, objectOf, retryAfterMs, type Try, tryAct } from './try-act.js';

export interface Settling {
  readonly api: Api;
  readonly journal: Pick<PendingJournal, 'remove'>;
  readonly say: (text: Shown) => Promise<void>;
  readonly signal: AbortSignal;
  readonly now: () => Date;
  /** Waits between two tries; ends early, without an error, when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface Settled<Answer> {
  readonly answer: Answer;
  /** Whether an earlier try, or an earlier command, had done the act. */
  readonly isReplay: boolean;
}

const patienceMs = 15_000;
const firstWaitMs = 400;

function withSettling(
  { command, key }: PendingAct,
  message: string,
  hints: readonly string[],
  members: Readonly<Record<string, string>> = {},
): Failure {
  const settle = shellCommand(command);
  return new Failure('unknown', message, {
    next: [...hints, settle],
    settle,
    figures: { ...members, idempotencyKey: key },
  });
}

/** Why an outcome is not known, and what has to be typed before the command that settles it. */
interface Reason {
  readonly why: string;
  readonly first?: readonly string[];
}

/** Says that it is open whether the act was done, with the command that settles it. */
const unknownOutcome = (pending: PendingAct, { why, first = [] }: Reason): Failure =>
  withSettling(pending, `It is not known whether ${pending.outcome}: ${why}.`, [
    ...first,
    'Settle it with this command. It does so at most once, however often it is run:',
  ]);

/** Says that the act was done and only its result could not be shown, with the command that shows it again. */
export const lostResult = (pending: PendingAct, reason: string): Failure =>
  withSettling(
    pending,
    `It was done: ${pending.outcome}. Only the result was lost (${reason}).`,
    ['See it with this command, which does nothing again, however often it is run:'],
    { title: 'It was done. The message holds the command that shows its result; it does nothing again.' },
  );

async function settledFrom<Answer>(
  answer: ApiAnswer,
  pending: PendingAct<object, Answer>,
  parts: Settling,
): Promise<Settled<Answer>> {
  await parts.journal.remove(pending);
  return {
    answer: goodJson(answer, parts.api.server) as Answer,
    isReplay: answer.headers['idempotency-replayed'] === 'true',
  };
}

function reasonOf(last: Try | undefined): Reason {
  if (last === undefined || last.end === 'nothing-sent') {
    return { why: 'there is no connection to the server' };
  }
  if (last.end === 'open') {
    return { why: last.reason };
  }
  return last.answer.status === 401
    ? { why: 'the session has ended before the server could say', first: ['Log in first: pay login'] }
    : { why: `the server answered with ${last.answer.status} to a later try` };
}

function nothingHappened(last: Try | undefined, server: string): Failure {
  if (last?.end === 'answered') {
    return failureOf(last.answer.status, objectOf(last.answer) ?? {}, last.answer.headers['retry-after']);
  }
  return last?.end === 'nothing-sent'
    ? unreachable(server, last.error)
    : new Failure('interrupted', 'Interrupted. Nothing was sent.');
}

async function giveUp(
  pending: PendingAct,
  isOpen: boolean,
  last: Try | undefined,
  parts: Settling,
): Promise<never> {
  if (isOpen) {
    const reason = parts.signal.aborted
      ? { why: 'it was interrupted while waiting for the answer' }
      : reasonOf(last);
    throw unknownOutcome(pending, reason);
  }
  await parts.journal.remove(pending);
  throw parts.signal.aborted
    ? new Failure('interrupted', 'Interrupted. Nothing was sent.')
    : nothingHappened(last, parts.api.server);
}

function waitAfter(last: Try, usualMs: number): number {
  if (last.end === 'nothing-sent') {
    return usualMs;
  }
  return Math.max(usualMs, last.end === 'open' ? last.retryAfterMs : retryAfterMs(last.answer));
}

/** One try; where it fails before anything was sent, and nothing was before, the journal forgets the act. */
async function guardedTry(pending: PendingAct, isOpen: boolean, { api, journal }: Settling): Promise<Try> {
  try {
    return await tryAct(pending, api);
  } catch (error) {
    // The try failed before anything was sent: nobody is logged in, the server was not accepted, or a code that was asked
    // for was not given.
    if (!isOpen) {
      await journal.remove(pending);
    }
    const isInterrupted = error instanceof Failure && error.kind === 'interrupted';
    throw isOpen && isInterrupted ? unknownOutcome(pending, { why: 'it was interrupted' }) : error;
  }
}

/**
 * Sends an act that is in the journal until its outcome is known, for some fifteen seconds, always under its one
 * key, so that money moves at most once. The journal forgets it as soon as there is a final answer.
 * @param mayBeSent whether an earlier command may have sent it already
 * @throws Failure: of the refusal; unreachable where nothing was sent; unknown, which the journal keeps
 */
export async function settle<Answer>(
  pending: PendingAct<object, Answer>,
  mayBeSent: boolean,
  parts: Settling,
): Promise<Settled<Answer>> {
  const { signal, say, now, sleep } = parts;
  const deadlineMs = now().getTime() + patienceMs;
  let isOpen = mayBeSent;
  let last: Try | undefined;
  for (let usualMs = firstWaitMs; !signal.aborted; usualMs *= 2) {
    last = await guardedTry(pending, isOpen, parts);
    isOpen ||= last.end === 'open';
    const step = judge(last, isOpen);
    if (last.end === 'answered' && step === 'final') {
      return await settledFrom(last.answer, pending, parts);
    }
    const waitMs = waitAfter(last, usualMs);
    if (step === 'give-up' || signal.aborted || now().getTime() + waitMs >= deadlineMs) {
      break;
    }
    await say(
      shown`No result yet (${reasonOf(last).why}); trying again with the same key in ${(waitMs / 1_000).toFixed(1)} s.`,
    );
    await sleep(waitMs, signal);
  }
  return await giveUp(pending, isOpen, last, parts);
}
