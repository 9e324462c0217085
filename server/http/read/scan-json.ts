import { Refusal } from '../../errors.js';

/**
 * The deepest nesting that is read: deeper than any request of this API, and shallow enough to walk through without a
 * thought for the stack.
 */
const maxDepth = 32;

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** The place of a string in a text, its quotes included. */
export interface StringPlace {
  readonly start: number;
  readonly end: number;
}

export interface JsonScan {
  /** How many members all objects of the text have: the colons outside its strings. */
  readonly members: number;
  /** The names of members that are written with escapes, in their order. */
  readonly escapedNames: readonly StringPlace[];
}

/** Whether the character here is escaped: by an odd number of backslashes before it. */
function isEscaped(text: string, place: number): boolean {
  let first = place;
  while (text.charCodeAt(first - 1) === backslash) {
    first -= 1;
  }
  return (place - first) % 2 === 1;
}

/** The string that begins at this quote; it ends with the text where it has no end. */
function stringAt(text: string, start: number): StringPlace {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) {
    end = text.indexOf('"', end + 1);
  }
  return { start, end: end === -1 ? text.length : end + 1 };
}

const hasEscape = (text: string, { start, end }: StringPlace) => text.slice(start, end).includes('\\');

/**
 * Counts what a text holds that ought to be JSON, in one walk and before anything is made of it: a small body can hold
 * so many values that to parse and judge them takes longer than others should wait.
 * @throws Refusal BODY_TOO_LARGE where it holds more values than so many, MALFORMED_JSON where they are nested too deeply
 */
export function scanJson(text: string, mostValues: number): JsonScan {
  const escapedNames: StringPlace[] = [];
  let last: StringPlace | undefined;
  let members = 0;
  let values = 1;
  let depth = 0;
  for (let place = 0; place < text.length; place += 1) {
    const character = text.charCodeAt(place);
    if (character === quote) {
      last = stringAt(text, place);
      place = last.end - 1;
    } else if (character === colon) {
      members += 1;
      if (last && hasEscape(text, last)) {
        escapedNames.push(last);
      }
    } else if (character === comma) {
      values += 1;
    } else if (character === openBrace || character === openBracket) {
      // An empty object or list is counted as if it held something.
      values += 1;
      depth += 1;
      if (depth > maxDepth) {
        throw new Refusal('MALFORMED_JSON', `The body is nested deeper than ${maxDepth} levels.`);
      }
    } else if (character === closeBrace || character === closeBracket) {
      depth -= 1;
    }
    if (values > mostValues) {
      throw new Refusal(
        'BODY_TOO_LARGE',
        `The body may hold at most ${mostValues} values, counting objects and lists; this one holds more.`,
      );
    }
  }
  return { members, escapedNames };
}
