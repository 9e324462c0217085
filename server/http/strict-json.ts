import { isUtf8 } from 'node:buffer';
import { Refusal } from '../errors.js';
import { repeatedMemberName, unescaped } from './repeated-member.js';

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
  const parsed = parse(text);
  const value = text.includes('\\') ? parse(withoutNeedlessEscapes(text)) : parsed;
  checkValue(value, { areStringsSuspect: text.includes('\\u') }, 1);
  // Judged by the text alone: JSON.parse drops what is repeated.
  const repeated = repeatedMemberName(text);
  if (repeated !== undefined) {
    throw malformed(`The member name ${JSON.stringify(repeated)} appears twice in one object.`);
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

/** Refuses what is nested too deeply and what no string should hold. */
function checkValue(value: unknown, options: { areStringsSuspect: boolean }, depth: number): void {
  if (typeof value === 'string') {
    checkString(value, options.areStringsSuspect);
    return;
  }
  if (typeof value !== 'object' || value === null) {
    return;
  }
  if (depth > maxDepth) {
    throw malformed(`The body is nested deeper than ${maxDepth} levels.`);
  }
  if (Array.isArray(value)) {
    for (const item of value) {
      checkValue(item, options, depth + 1);
    }
    return;
  }
  for (const [name, member] of Object.entries(value)) {
    checkString(name, options.areStringsSuspect);
    checkValue(member, options, depth + 1);
  }
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
