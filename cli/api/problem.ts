import type { ErrorCode } from '../../server/wire.js';
import { Failure } from '../failure/failure.js';
import { localTime, waitText } from '../terminal/time.js';
import { fieldWords } from './field-words.js';
import { seeCommand } from './see-command.js';
import { type Verdict, verdictOn } from './verdict.js';

type Json = Readonly<Record<string, unknown>>;

function nextOf({ next = [] }: Verdict, problem: Json, retryAfter: string | undefined): readonly string[] {
  const seconds = Number(retryAfter);
  const again = Number.isInteger(seconds) && seconds > 0 ? [`Try again ${waitText(seconds)}.`] : [];
  return [...(typeof next === 'function' ? next(problem) : next), ...again];
}

function fieldsOf(problem: Json): { field: string; message: string }[] {
  const errors: unknown[] = Array.isArray(problem.errors) ? problem.errors : [];
  return errors.flatMap((error) => {
    const { field, message } = (error ?? {}) as Json;
    return typeof field === 'string' && typeof message === 'string'
      ? [{ field: fieldWords(field), message }]
      : [];
  });
}

// Refusals of fields: a sentence each, which begins with the field.
const ofFields: ReadonlySet<unknown> = new Set<ErrorCode>([
  'VALIDATION_FAILED',
  'INVALID_AMOUNT',
  'UNKNOWN_CURRENCY',
  'INVALID_CURSOR',
]);

/** Some messages go on with the field, others are sentences of their own, of which some name it themselves. */
function clauseOf({ field, message }: { readonly field: string; readonly message: string }): string {
  if (!/^\p{Lu}/u.test(message)) {
    return `${field} ${message}`;
  }
  return message.includes(field) ? message : `${field}: ${message}`;
}

function fieldSentence(problem: Json): string | undefined {
  const faults = ofFields.has(problem.code) ? fieldsOf(problem) : [];
  if (faults.length === 0) {
    return undefined;
  }
  const text = faults.map(clauseOf).join('; ');
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}

const moment = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/g;

/** The sentence for people: ours, or the server's with its times as the reader has them. */
function sentenceOf({ text }: Verdict, problem: Json): string | undefined {
  const own = typeof text === 'function' ? text(problem) : text;
  const found = [own, fieldSentence(problem), problem.detail, problem.title].find(
    (part): part is string => typeof part === 'string' && part !== '',
  );
  return found?.replace(moment, (at) => localTime(at));
}

/** The failure that a problem document (RFC 9457) of the server stands for. */
export function failureOf(status: number, problem: Json, retryAfter?: string): Failure {
  const verdict = verdictOn(status, problem.code);
  const text = sentenceOf(verdict, problem);
  const next = nextOf(verdict, problem, retryAfter);
  const see = seeCommand(problem.see);
  return new Failure(verdict.kind, text ?? `The server answered with ${status}.`, {
    next: next.length === 0 && see !== undefined ? [`See: ${see}`] : next,
    fields: fieldsOf(problem),
    problem,
  });
}
