import assert from 'node:assert/strict';

export type IdPrefix = 'usr' | 'pay' | 'ses' | 'tok' | 'req' | 'evt' | 'whk' | 'dlv' | 'aud' | 'inv' | 'col';

/** Crockford's base 32: digits and capitals in the order of their codes, so that text sorts as numbers do. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const length = 10;
const most = 32 ** length;

/** The pairs of characters: a text is made of five. */
const pairs = Array.from(alphabet).flatMap((first) => Array.from(alphabet, (second) => first + second));

/**
 * The id that the world sees of the row with this number: prefix and ten characters. Numbers are given in the order of
 * commits, so ids sort by time.
 */
export function publicId(prefix: IdPrefix, id: number): string {
  assert(Number.isSafeInteger(id) && id >= 0 && id < most, `${id} cannot be an id.`);
  let text = '';
  for (let rest = id, place = 0; place < length; place += 2) {
    text = pairs[rest % 1024] + text;
    rest = Math.floor(rest / 1024);
  }
  return `${prefix}_${text}`;
}

const form = /^[0-9A-HJKMNP-TV-Z]{10}$/;

/** The number of the row that the id is of; undefined for a text that is no id of this prefix, and for zero, which no row has. */
export function rowNumber(prefix: IdPrefix, id: string): number | undefined {
  const digits = id.slice(prefix.length + 1);
  if (!id.startsWith(`${prefix}_`) || !form.test(digits)) {
    return undefined;
  }
  let value = 0;
  for (const digit of digits) {
    value = value * 32 + alphabet.indexOf(digit);
  }
  return value === 0 ? undefined : value;
}
