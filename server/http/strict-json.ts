import { isUtf8 } from 'node:buffer';
import { Refusal } from '../errors.js';
import { repeatedMemberName } from './repeated-member.js';

/** Deeper than any request of this API, and shallow enough to walk through without a thought for the stack. */
const maxDepth = 32;

/**
 * What the bytes of a JSON document say. Stricter than JSON.parse where that would lose or guess something:
 * broken UTF-8, repeated member names, lone surrogates (RFC 7493 §2.1, §2.3) and U+0000 in strings, which not every
 * database keeps. A byte order mark is passed over (RFC 8259 §8.1).
 * @throws Refusal MALFORMED_JSON, with a detail that says what is wrong with it
 */
export function parseStrictJson(bytes: Buffer): unknown {
  const text = decodeUtf8(bytes);
  const value = parse(text);
  const members = countMembers(value, { areStringsSuspect: text.includes('\\u') }, 1);
  if (members !== countColons(text)) {
    throw malformed(
      `The member name ${JSON.stringify(repeatedMemberName(text))} appears twice in one object.`,
    );
  }
  return value;
}

function decodeUtf8(bytes: Buffer): string {
  if (!isUtf8(bytes)) {
    throw malformed('The body is not valid UTF-8.');
  }
  const text = bytes.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
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

/** How many members the objects in a parsed value have, all levels together; refuses what no string should hold. */
function countMembers(value: unknown, options: { areStringsSuspect: boolean }, depth: number): number {
  if (typeof value === 'string') {
    checkString(value, options.areStringsSuspect);
    return 0;
  }
  if (typeof value !== 'object' || value === null) {
    return 0;
  }
  if (depth > maxDepth) {
    throw malformed(`The body is nested deeper than ${maxDepth} levels.`);
  }
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) {
      count += countMembers(item, options, depth + 1);
    }
    return count;
  }
  for (const [name, member] of Object.entries(value)) {
    checkString(name, options.areStringsSuspect);
    count += 1 + countMembers(member, options, depth + 1);
  }
  return count;
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

/**
 * The colons outside strings of a document that is known to be JSON. Each is one member as written; a parsed
 * value that has fewer members has lost one to a repetition of its name, however the two were spelled.
 */
function countColons(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    if (character === 0x3a) {
      count += 1;
    } else if (character === 0x22) {
      index = endOfString(text, index);
    }
  }
  return count;
}

/** Where the string that opens at `start` closes. */
function endOfString(text: string, start: number): number {
  let index = start + 1;
  while (text.charCodeAt(index) !== 0x22) {
    index += text.charCodeAt(index) === 0x5c ? 2 : 1;
  }
  return index;
}

function malformed(detail: string): Refusal {
  return new Refusal('MALFORMED_JSON', detail);
}
