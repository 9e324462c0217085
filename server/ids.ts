import { randomBytes } from 'node:crypto';

export type IdPrefix = 'usr' | 'acc' | 'pay' | 'ses' | 'tok' | 'req' | 'evt' | 'whk' | 'dlv' | 'aud';

/** Crockford's base 32: digits and capitals in the order of their codes, so that text sorts as numbers do. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

function base32(value: number, length: number): string {
  let text = '';
  for (let rest = value, place = 0; place < length; place += 1) {
    text = alphabet.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

const poolBytes = 4096;

/** Random bytes from a pool: asking the system for a few at a time costs more than making the id. */
function pooledRandom(): (bytes: number) => Uint8Array {
  let pool = randomBytes(0);
  let used = 0;
  return (bytes) => {
    if (used + bytes > pool.length) {
      pool = randomBytes(poolBytes);
      used = 0;
    }
    used += bytes;
    return pool.subarray(used - bytes, used);
  };
}

/**
 * Makes the ids of one moment: prefix, time, place within the moment, randomness, 26 characters in the form of a
 * ULID. Ids sort as they were made, and those of a later microsecond after those of an earlier one.
 */
export function idsOf(
  micros: number,
  random: (bytes: number) => Uint8Array = pooledRandom(),
): (prefix: IdPrefix) => string {
  const milliseconds = Math.floor(micros / 1000);
  const time = base32(milliseconds, 10) + base32(micros - milliseconds * 1000, 2);
  let place = 0;
  return (prefix) => {
    let tail = '';
    for (const byte of random(10)) {
      tail += alphabet.charAt(byte % 32);
    }
    place += 1;
    return `${prefix}_${time}${base32(place, 4)}${tail}`;
  };
}

/** The microseconds that the id was made of. */
export function microsOfId(id: string): number {
  const time = id.slice(id.indexOf('_') + 1);
  const value = (text: string) => [...text].reduce((sum, digit) => sum * 32 + alphabet.indexOf(digit), 0);
  return value(time.slice(0, 10)) * 1000 + value(time.slice(10, 12));
}
