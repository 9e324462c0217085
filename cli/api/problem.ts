import { Failure } from '../failure.js';
import { visible } from '../terminal/visible.js';
import { seeCommand } from './see-command.js';
import { type Verdict, verdictOn } from './verdict.js';

type Json = Readonly<Record<string, unknown>>;

function nextOf({ next = [] }: Verdict, retryAfter: string | undefined): readonly string[] {
  const seconds = Number(retryAfter);
  const again = Number.isInteger(seconds) && seconds > 0 ? [`Try again in ${seconds} s.`] : [];
  return [...next, ...again];
}

function fieldsOf(problem: Json): { field: string; message: string }[] {
  const errors: unknown[] = Array.isArray(problem.errors) ? problem.errors : [];
  return errors.flatMap((error) => {
    const { field, message } = (error ?? {}) as Json;
    return typeof field === 'string' && typeof message === 'string'
      ? [{ field: visible(field), message: visible(message) }]
      : [];
  });
}

/** The failure that a problem document (RFC 9457) of the server stands for. */
export function failureOf(status: number, problem: Json, retryAfter?: string): Failure {
  const verdict = verdictOn(status, problem.code);
  const text = [verdict.text, problem.detail, problem.title].find(
    (part): part is string => typeof part === 'string' && part !== '',
  );
  const next = nextOf(verdict, retryAfter);
  const see = seeCommand(problem.see);
  return new Failure(verdict.kind, visible(text ?? `The server answered with ${status}.`), {
    next: next.length === 0 && see !== undefined ? [`See: ${see}`] : next,
    fields: fieldsOf(problem),
    problem,
  });
}
