import { z } from 'zod';

/**
 * Text for people, up to `mostCharacters` UTF-16 units, that every part of the system stores as it came: no lone
 * surrogates, which UTF-8 cannot carry, and no U+0000, which not every database can.
 */
export function plainText(mostCharacters: number) {
  return z
    .string()
    .max(mostCharacters, { error: `may be at most ${mostCharacters} characters long` })
    .regex(/^[^\p{Surrogate}\0]*$/u, { error: 'may not hold U+0000 or half of a surrogate pair' });
}
