import { strict as assert } from 'node:assert';
import * as z from 'zod';
import { type ErrorCode, errorCodes, type FieldError, Refusal } from '../../errors.js';
import { sentenceOf } from './sentences.js';
import { shownName } from './shown-name.js';

export type Place = 'body' | 'query' | 'path';

/** The most errors of an answer: no client reads more, and a body of a thousand wrong fields should not make a larger one. */
const maxErrors = 50;

type Issue = z.core.$ZodIssue;

/**
 * The input as its schema gives it on.
 *
 * A refusal has the code that its issues carry (`params: { code }` of a custom issue) where all of them
 * carry the same one, and VALIDATION_FAILED otherwise. In a path, what carries no code is NOT_FOUND: there is no such
 * thing at that address.
 * @throws Refusal with one error for each field that is to blame
 */
export function validate(schema: z.ZodType, input: unknown, place: Place): unknown {
  refuseLongLists(schema, input);
  const right = schema.safeParse(input);
  if (right.success) {
    return right.data;
  }
  // Words for what is wrong cost much even where nothing is.
  const result = schema.safeParse(input, { error: sentenceOf });
  assert(!result.success, 'a schema takes what it has just refused');
  const issues = result.error.issues.flatMap((issue) => flatten(issue, []));
  const code = codeOf(issues, place === 'path' ? 'NOT_FOUND' : 'VALIDATION_FAILED');
  if (code === 'NOT_FOUND') {
    throw new Refusal('NOT_FOUND', 'There is nothing at this address.');
  }
  const errors = issues.flatMap((issue) => fieldErrors(issue, place)).slice(0, maxErrors);
  const detail = errors.slice(0, 3).map(({ field, message }) => `${shownName(field)}: ${message}`);
  throw new Refusal(code, `${detail.join('; ')}${errors.length > 3 ? '; …' : '.'}`, { errors });
}

/**
 * Refuses the lists of an object that hold more items than their schema takes, before the items are judged: a body can
 * hold so many wrong ones that to say what is wrong with each takes longer than others should wait.
 */
function refuseLongLists(schema: z.ZodType, input: unknown): void {
  if (!(schema instanceof z.ZodObject) || typeof input !== 'object' || input === null) {
    return;
  }
  const lists = Object.entries(schema.shape).filter(([, field]) => field instanceof z.ZodArray);
  for (const [field, list] of lists) {
    const { maximum } = (list as z.ZodArray)._zod.bag as { readonly maximum?: number };
    const items = (input as Record<string, unknown>)[field];
    if (maximum !== undefined && Array.isArray(items) && items.length > maximum) {
      const message = `must have at most ${maximum} items`;
      throw new Refusal('VALIDATION_FAILED', `${field}: ${message}.`, { errors: [{ field, message }] });
    }
  }
}

/** The issues of an input; of a union, those of the alternative that it comes closest to. */
function flatten(issue: Issue, prefix: readonly PropertyKey[]): Issue[] {
  const path = [...prefix, ...issue.path];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) {
    return [{ ...issue, path }];
  }
  const [closest = []] = issue.errors.toSorted((a, b) => a.length - b.length);
  return closest.flatMap((inner) => flatten(inner, path));
}

function codeOf(issues: readonly Issue[], otherwise: ErrorCode): ErrorCode {
  const codes = new Set(issues.map((issue) => codeOfIssue(issue) ?? otherwise));
  const [code] = codes;
  return codes.size === 1 && code !== undefined ? code : otherwise;
}

function codeOfIssue(issue: Issue): ErrorCode | undefined {
  const code: unknown = issue.code === 'custom' ? issue.params?.code : undefined;
  return typeof code === 'string' && Object.hasOwn(errorCodes, code) ? (code as ErrorCode) : undefined;
}

function fieldErrors(issue: Issue, place: Place): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    const message =
      place === 'query' ? 'is not a parameter of this request' : 'is not a field of this request';
    return issue.keys.map((key) => ({ field: [...issue.path, key].map(String).join('.'), message }));
  }
  return [{ field: issue.path.map(String).join('.') || place, message: issue.message }];
}
