import type * as z from 'zod';

const article: Record<string, string> = {
  string: 'a string',
  number: 'a number',
  int: 'an integer',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'an array',
  null: 'null',
};

const formats: Record<string, string> = {
  email: 'must be an email address',
  datetime: 'must be an RFC 3339 time, such as 2026-11-22T18:00:00Z',
  url: 'must be a URL',
};

const units: Record<string, string> = { string: 'characters', array: 'items', set: 'items', file: 'bytes' };

/**
 * Zod's issues as the rest of a sentence that begins with the field. Passed to each parse, so a message that a
 * schema gives itself comes before it.
 */
export function sentenceOf(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'is required'
        : `must be ${article[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return issue.input === undefined ? 'is required' : `must be ${oneOf(issue.values)}`;
    case 'too_small':
      return sizeSentence(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum);
    case 'too_big':
      return sizeSentence(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum);
    case 'invalid_format':
      return formats[issue.format] ?? 'does not have the right form';
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_union':
      return 'fits none of the forms that it may take';
    default:
      return undefined;
  }
}

function oneOf(values: readonly unknown[]): string {
  const written = values.map((value) => JSON.stringify(value));
  return written.length < 2 ? written.join('') : `one of ${written.join(', ')}`;
}

function sizeSentence(origin: string, bound: string, size: number | bigint): string {
  const unit = Number(size) === 1 ? units[origin]?.slice(0, -1) : units[origin];
  return unit === undefined ? `must be ${bound} ${size}` : `must have ${bound} ${size} ${unit}`;
}
