import { strict as assert } from 'node:assert';
import { isUtf8 } from 'node:buffer';
import { Refusal } from '../../errors.js';
import { repeatedMemberName, unescaped } from './repeated-member.js';
import { type JsonScan, scanJson } from './scan-json.js';
import { shownName } from './shown-name.js';

/**
 * What the bytes of a JSON document say. Stricter than JSON.parse where that would lose or guess something:
 * broken UTF-8, repeated member names and lone surrogates (RFC 7493 §2.1, §2.3). A byte order mark is passed over (RFC 8259 §8.1).
 * @throws Refusal MALFORMED_JSON, with a detail that says what is wrong with it; BODY_TOO_LARGE where it holds more values
 * than so many, before it is parsed; VALIDATION_FAILED for U+0000 in a string, which is JSON, by its field
 */
export function parseStrictJson(bytes: Buffer, mostValues: number): unknown {
  const text = decodeUtf8(bytes);
  const { members, escapedNames } = scanJson(text, mostValues);
  const parsed = parse(text);
  const value = escapedNames.length > 0 ? parse(withPlainNames(text, escapedNames)) : parsed;
  const parsedMembers = countMembers(value, text.includes('\\u'));
  // JSON.parse drops what is repeated, so that fewer members are left than were written.
  if (parsedMembers !== members) {
    const repeated = repeatedMemberName(text);
    assert(repeated !== undefined, 'a member was lost that is not repeated');
    throw malformed(`The member name ${JSON.stringify(repeated)} appears twice in one object.`);
  }
  if (text.includes('\\u0000')) {
    refuseNull(value, []);
  }
  return value;
}

/** Refuses U+0000, which not every database keeps and no field means. @throws Refusal VALIDATION_FAILED that names the field */
function refuseNull(value: unknown, path: readonly string[]): void {
  if (typeof value === 'string' && value.includes('\0')) {
    const [field, message] = [path.join('.') || 'body', 'may not hold the character U+0000'];
    throw new Refusal('VALIDATION_FAILED', `${shownName(field)}: ${message}.`, {
      errors: [{ field, message }],
    });
  }
  if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) {
      refuseNull(inner, [...path, name]);
    }
  }
}

function decodeUtf8(bytes: Buffer): string {
  if (!isUtf8(bytes)) {
    throw malformed('The body is not valid UTF-8.');
  }
  const text = bytes.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/**
 * The same document with the names of its members spelled as JSON.stringify does: JSON.parse of Node 24 now and then
 * misreads a name that is escaped without need.
 */
function withPlainNames(text: string, names: JsonScan['escapedNames']): string {
  let spelled = '';
  let from = 0;
  for (const { start, end } of names) {
    spelled += text.slice(from, start) + JSON.stringify(unescaped(text.slice(start, end)));
    from = end;
  }
  return spelled + text.slice(from);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const position = /at position (\d+)/.exec(String(error))?.[1];
    throw malformed(
      position === undefined
        ? 'The body is not valid JSON.'
        : `The body is not valid JSON: it goes wrong at character ${Number(position) + 1}.`,
    );
  }
}

/** Counts the members of all objects in a value, which the scan knows to be shallow. Refuses what no string should hold. */
function countMembers(value: unknown, areStringsSuspect: boolean): number {
  if (typeof value === 'string') {
    checkString(value, areStringsSuspect);
    return 0;
  }
  if (typeof value !== 'object' || value === null) {
    return 0;
  }
  let members = 0;
  if (Array.isArray(value)) {
    for (const item of value) {
      members += countMembers(item, areStringsSuspect);
    }
    return members;
  }
  // Nothing is inherited that would be listed: the prototype of what JSON.parse makes is that of any object.
  for (const name in value) {
    checkString(name, areStringsSuspect);
    members += 1 + countMembers((value as Record<string, unknown>)[name], areStringsSuspect);
  }
  return members;
}

function checkString(text: string, isSuspect: boolean): void {
  if (!isSuspect) {
    return;
  }
  if (/[\uD800-\uDFFF]/u.test(text)) {
    throw malformed('A string holds half of a surrogate pair, which is no character.');
  }
}

function malformed(detail: string): Refusal {
  return new Refusal('MALFORMED_JSON', detail);
}
