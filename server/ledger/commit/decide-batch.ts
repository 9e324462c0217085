import assert from 'node:assert/strict';
import type { IdempotencyKeyRow } from '../../../db/tables/acts.js';
import { isRemembered, type ProblemJson, problemJson, Refusal } from '../../errors.js';
import type { LedgerBook } from '../book/ledger-book.js';
import type { Lookup } from '../book/lookup.js';
import { NotLoaded } from '../book/not-loaded.js';
import {
  insistOnKey,
  type KeyedAnswer,
  keyReads,
  peekRemembered,
  remember,
  rememberedAnswer,
  rememberedPayments,
  rememberedText,
} from '../idempotency.js';
import { callerReads, judgeCredential } from '../judge-credential.js';
import type { Outcome } from '../outcome.js';
import type { Decision, Moment, Rule, Rules } from '../rule.js';

/** The moment of a batch; no time of the service when it does not answer or lies. */
export interface BatchMoment {
  readonly service: Moment | Refusal;
  readonly machine: Moment;
}

/** The rule that a decision names. Throws an Error where there is none of that name. */
function ruleOf(rules: Rules, decision: Decision): Rule {
  const rule = rules[decision.rule];
  if (!rule) {
    throw new Error(`There is no rule ${decision.rule}.`);
  }
  // `decision` put what the rule takes under its name; here, at the other end, nothing more is known of it.
  return rule as Rule;
}

/** The moment of a decision by this rule; a refusal when it needs the service's time and there is none. */
function momentFor(rule: Rule, { service, machine }: BatchMoment): Moment | Refusal {
  return rule.needsTime ? service : machine;
}

/** The lookups that the decision needs and the book does not know yet. */
export function missingReads(
  book: LedgerBook,
  rules: Rules,
  decision: Decision,
  batchMoment: BatchMoment,
): readonly Lookup[] {
  const rule = ruleOf(rules, decision);
  const reads = [
    ...callerReads(decision.caller),
    ...keyReads(decision),
    ...readsOf(book, rule, decision, batchMoment),
  ];
  return reads.filter((read) => !book.isLoaded(read));
}

/** The lookups of a rule; for a key that is known, what its answer is made of. */
function readsOf(
  book: LedgerBook,
  rule: Rule,
  decision: Decision,
  batchMoment: BatchMoment,
): readonly Lookup[] {
  const remembered = peekRemembered(book, decision);
  if (remembered) {
    const payments = remembered.rule === decision.rule ? rememberedPayments(remembered) : undefined;
    return payments ? (rule.replay?.reads(book, payments, decision.input) ?? []) : [];
  }
  const moment = momentFor(rule, batchMoment);
  // Without its time a rule will be refused; what it has read by the machine's does not matter then.
  const { now } = moment instanceof Refusal ? batchMoment.machine : moment;
  return rule.reads(book, decision.input, decision.caller, now);
}

function refused(refusal: Refusal, requestId: string, fault: string | null = null): Outcome {
  return {
    status: refusal.status,
    code: refusal.code,
    json: JSON.stringify(problemJson(refusal, requestId)),
    location: null,
    isReplay: false,
    retryAfterSeconds: refusal.details.retryAfterSeconds ?? null,
    fault,
    storageFault: null,
  };
}

/** The outcome of what a rule, or anything around it, has thrown. */
export function outcomeOfError(error: unknown, requestId: string): Outcome {
  if (error instanceof Refusal) {
    return refused(error, requestId);
  }
  const refusal = new Refusal(
    'INTERNAL_ERROR',
    'The server made a mistake and changed nothing. Repeat it, with the same Idempotency-Key if it had one; if it stays, tell the operator the requestId.',
  );
  return refused(refusal, requestId, error instanceof Error ? (error.stack ?? error.message) : String(error));
}

/** The members of every outcome that was decided, whatever it came to. */
const asDecided = { retryAfterSeconds: null, fault: null, storageFault: null } as const;

function accept(book: LedgerBook, rule: Rule, decision: Decision, moment: Moment): Outcome {
  const isDryRun = decision.isDryRun ?? false;
  const { caller, facts } = decision;
  const { status, body, location, paymentId, replayData } = rule.decide(book, decision.input, {
    caller,
    moment,
    facts,
    isDryRun,
  });
  // Written out, as are the rows: V8 makes the shape of a spread object with further members anew each time, and keeps it.
  const answer: KeyedAnswer = {
    status: isDryRun ? 200 : status,
    json: JSON.stringify(body),
    // What would be is nowhere yet.
    location: isDryRun ? null : (location ?? null),
    paymentId,
    replayData,
  };
  remember(book, decision, answer, moment.now);
  return {
    status: answer.status,
    code: null,
    json: answer.json,
    location: answer.location,
    isReplay: false,
    retryAfterSeconds: null,
    fault: null,
    storageFault: null,
  };
}

/** The answer that was given under the key, from its text or from the payments that it tells of; a refusal's code is in its text alone. */
function replayed(book: LedgerBook, rule: Rule, remembered: IdempotencyKeyRow, input: unknown): Outcome {
  const { status, location } = remembered;
  const common = { status, isReplay: true, ...asDecided };
  const payments = rememberedPayments(remembered);
  if (!payments) {
    const json = rememberedText(remembered);
    const code = status >= 400 ? (JSON.parse(json) as ProblemJson).code : null;
    return { ...common, code, json, location };
  }
  assert(rule.replay, `The rule ${remembered.rule} can make its answer again.`);
  const made = rule.replay.answer(book, payments, input);
  return { ...common, code: null, json: JSON.stringify(made.body), location: made.location ?? null };
}

function decideOne(book: LedgerBook, rules: Rules, decision: Decision, batchMoment: BatchMoment): Outcome {
  const rule = ruleOf(rules, decision);
  judgeCredential(book, decision.caller, batchMoment.machine);
  const remembered = rememberedAnswer(book, decision);
  if (remembered) {
    return replayed(book, rule, remembered, decision.input);
  }
  const moment = momentFor(rule, batchMoment);
  if (moment instanceof Refusal) {
    insistOnKey(book, decision);
    throw moment;
  }
  const mark = book.mark();
  try {
    const outcome = accept(book, rule, decision, moment);
    if (decision.isDryRun) {
      book.rollBackTo(mark);
    }
    return outcome;
  } catch (error) {
    book.rollBackTo(mark);
    if (error instanceof NotLoaded) {
      throw error;
    }
    const isRememberedUnderKey = error instanceof Refusal && isRemembered(error.code);
    if (!isRememberedUnderKey) {
      insistOnKey(book, decision);
    }
    if (error instanceof Refusal && !decision.isDryRun) {
      rule.noteRefusal?.(book, decision.input, error, { caller: decision.caller, moment });
    }
    if (isRememberedUnderKey) {
      const outcome = refused(error, decision.caller.requestId);
      remember(book, decision, outcome, moment.now);
      return outcome;
    }
    throw error;
  }
}

/** Whether the decision looked at what it says that it reads and was not read yet. */
function readsOn(error: unknown, ...decided: Parameters<typeof missingReads>): boolean {
  try {
    return error instanceof NotLoaded && missingReads(...decided).length > 0;
  } catch {
    // A rule that cannot say what it reads is told that it did not say so.
    return false;
  }
}

/** As many steps as 600 payments take: a payout of the most items passes it alone, and whoever comes next is decided while it is written. */
const mostSteps = 6_000;

/** Whether what was decided over the book is enough for one batch. */
export const isFullBatch = (book: LedgerBook): boolean => book.mark() >= mostSteps;

/**
 * Decides in order of arrival over one book. Stops before a decision that needs what was not loaded, and after the one that
 * fills the batch. Gives the outcomes of those that were decided.
 */
export function decideBatch(
  book: LedgerBook,
  rules: Rules,
  decisions: readonly Decision[],
  moment: BatchMoment,
): readonly Outcome[] {
  const outcomes: Outcome[] = [];
  for (const decision of decisions) {
    const mark = book.mark();
    try {
      outcomes.push(decideOne(book, rules, decision, moment));
    } catch (error) {
      if (error instanceof NotLoaded) {
        // What was refused early may look on while it records that.
        book.rollBackTo(mark);
      }
      if (readsOn(error, book, rules, decision, moment)) {
        return outcomes;
      }
      outcomes.push(outcomeOfError(error, decision.caller.requestId));
    }
    if (isFullBatch(book)) {
      return outcomes;
    }
  }
  return outcomes;
}
