import type { IdempotencyKeyRow } from '../../db/rows.js';
import type { StorageFault } from '../../db/transact.js';
import { type ErrorCode, isRemembered, type ProblemJson, problemJson, Refusal } from '../errors.js';
import type { Book } from './book.js';
import { keyReads, remember, rememberedAnswer } from './idempotency.js';
import type { Lookup } from './lookup.js';
import type { Decision, Moment, Rule, Rules } from './rule.js';

/** What the client is told. */
export interface Outcome {
  readonly status: number;
  /** Of a refusal; null where the decision was accepted. */
  readonly code: ErrorCode | null;
  /** The body, serialised: a replay gives the same bytes. */
  readonly json: string;
  readonly location: string | null;
  readonly isReplay: boolean;
  readonly retryAfterSeconds: number | null;
  /** What went wrong inside, for the log; the client is not told. */
  readonly fault: string | null;
  /** Why the database did not take it, where that was the reason. */
  readonly storageFault: StorageFault | null;
}

/** When the batch is decided; no time of the service when it does not answer or lies. */
export interface BatchMoment {
  readonly service: Moment | Refusal;
  readonly machine: Moment;
}

export function ruleOf(rules: Rules, decision: Decision): Rule {
  const rule = rules[decision.rule];
  if (!rule) {
    throw new Error(`There is no rule ${decision.rule}.`);
  }
  // `decision` put what the rule takes under its name; here, at the other end, nothing more is known of it.
  return rule as Rule;
}

/** When a decision by this rule is made; a refusal when it needs the service's time and there is none. */
function momentFor(rule: Rule, { service, machine }: BatchMoment): Moment | Refusal {
  return rule.needsTime ? service : machine;
}

/** What the decision needs to know and the book does not know yet. */
export function missingReads(
  book: Book,
  rules: Rules,
  decision: Decision,
  batchMoment: BatchMoment,
): readonly Lookup[] {
  const rule = ruleOf(rules, decision);
  const moment = momentFor(rule, batchMoment);
  // Without its time a rule will be refused; what it has read by the machine's does not matter then.
  const { now } = moment instanceof Refusal ? batchMoment.machine : moment;
  const reads = rule.reads(book, decision.input, decision.caller, now);
  return [...keyReads(decision), ...reads].filter((read) => !book.isLoaded(read));
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

/** What is so of every decision that nothing kept from being made. */
const asDecided = { retryAfterSeconds: null, fault: null, storageFault: null } as const;

/** What was answered before, a refusal with its code: the row keeps it in the problem document alone. */
function replayed({ status, answer, location }: IdempotencyKeyRow): Outcome {
  const code = status >= 400 ? (JSON.parse(answer) as ProblemJson).code : null;
  return { status, code, json: answer, location, isReplay: true, ...asDecided };
}

function accept(book: Book, rule: Rule, decision: Decision, moment: Moment): Outcome {
  const isDryRun = decision.isDryRun ?? false;
  const { caller, aside } = decision;
  const { status, body, location } = rule.decide(book, decision.input, { caller, moment, aside, isDryRun });
  const answer = { status: isDryRun ? 200 : status, json: JSON.stringify(body), location: location ?? null };
  remember(book, decision, answer, moment.now);
  return { ...answer, ...asDecided, isReplay: false, code: null };
}

function decideOne(book: Book, rules: Rules, decision: Decision, batchMoment: BatchMoment): Outcome {
  const rule = ruleOf(rules, decision);
  const remembered = rememberedAnswer(book, decision);
  if (remembered) {
    return replayed(remembered);
  }
  const moment = momentFor(rule, batchMoment);
  if (moment instanceof Refusal) {
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
    if (error instanceof Refusal && isRemembered(error.code)) {
      const outcome = refused(error, decision.caller.requestId);
      remember(book, decision, outcome, moment.now);
      return outcome;
    }
    throw error;
  }
}

/**
 * Decides in order of arrival over one book. Stops before a decision that needs what was not loaded, because one
 * before it in the batch changed what it must look at: the rest belongs to the next batch. Gives the outcomes of those
 * that were decided.
 */
export function decideBatch(
  book: Book,
  rules: Rules,
  decisions: readonly Decision[],
  moment: BatchMoment,
): readonly Outcome[] {
  const outcomes: Outcome[] = [];
  for (const decision of decisions) {
    try {
      if (missingReads(book, rules, decision, moment).length > 0) {
        return outcomes;
      }
      outcomes.push(decideOne(book, rules, decision, moment));
    } catch (error) {
      outcomes.push(outcomeOfError(error, decision.caller.requestId));
    }
  }
  return outcomes;
}
