import { strict as assert } from 'node:assert';
import { isUtf8 } from 'node:buffer';
import { Refusal } from '../../errors.js';
import { repeatedMemberName, unescaped } from './repeated-member.js';

/** Deeper than any request of this API, and shallow enough to walk through without a thought for the stack. */
const maxDepth = 32;

const quote = 0x22;
const colon = 0x3a;
const backslash = 0x5c;

/**
 * What the bytes of a JSON document say. Stricter than JSON.parse where that would lose or guess something:
 * broken UTF-8, repeated member names, lone surrogates (RFC 7493 §2.1, §2.3) and U+0000 in strings, which not every
 * database keeps. A byte order mark is passed over (RFC 8259 §8.1).
 * @throws Refusal MALFORMED_JSON, with a detail that says what is wrong with it
 */
export function parseStrictJson(bytes: Buffer): unknown {
  const text = decodeUtf8(bytes);
  const parsed = parse(text);
  const value = text.includes('\\') ? parse(withoutNeedlessEscapes(text)) : parsed;
  const kept = countMembers(value, text.includes('\\u'), 1);
  // JSON.parse drops what is repeated, so that fewer members are left than were written.
  if (kept !== membersWritten(text)) {
    const repeated = repeatedMemberName(text);
    assert(repeated !== undefined, 'a member was lost that is not repeated');
    throw malformed(`The member name ${JSON.stringify(repeated)} appears twice in one object.`);
  }
  return value;
}

/** How many members all objects of a text have that is known to be JSON: the colons outside its strings. */
function membersWritten(text: string): number {
  let members = 0;
  for (let place = 0; place < text.length; place += 1) {
    const character = text.charCodeAt(place);
    if (character === quote) {
      place = endOfString(text, place);
    } else if (character === colon) {
      members += 1;
    }
  }
  return members;
}

/** Where the string ends that begins at this quote. */
function endOfString(text: string, start: number): number {
  let end = start + 1;
  for (let character = text.charCodeAt(end); character !== quote; character = text.charCodeAt(end)) {
    end += character === backslash ? 2 : 1;
  }
  return end;
}

function decodeUtf8(bytes: Buffer): string {
  if (!isUtf8(bytes)) {
    throw malformed('The body is not valid UTF-8.');
  }
  const text = bytes.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/**
 * The same document with every string spelled as JSON.stringify does: JSON.parse of Node 24 now and then misreads a name
 * that is escaped without need.
 */
function withoutNeedlessEscapes(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"/g, (token) =>
    token.includes('\\') ? JSON.stringify(unescaped(token)) : token,
  );
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

/** How many members all objects in a value have. Refuses what is nested too deeply and what no string should hold. */
function countMembers(value: unknown, areStringsSuspect: boolean, depth: number): number {
  if (typeof value === 'string') {
    checkString(value, areStringsSuspect);
    return 0;
  }
  if (typeof value !== 'object' || value === null) {
    return 0;
  }
  if (depth > maxDepth) {
    throw malformed(`The body is nested deeper than ${maxDepth} levels.`);
  }
  let members = 0;
  if (Array.isArray(value)) {
    for (const item of value) {
      members += countMembers(item, areStringsSuspect, depth + 1);
    }
    return members;
  }
  // Nothing is inherited that would be listed: the prototype of what JSON.parse makes is that of any object.
  for (const name in value) {
    checkString(name, areStringsSuspect);
    members += 1 + countMembers((value as Record<string, unknown>)[name], areStringsSuspect, depth + 1);
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
  if (text.includes('\u0000')) {
    throw malformed('A string holds the character U+0000, which cannot be kept.');
  }
}

function malformed(detail: string): Refusal {
  return new Refusal('MALFORMED_JSON', detail);
}
