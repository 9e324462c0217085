import * as z from 'zod';

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

/**
 * Such text of one person that others are shown: a terminal, a spreadsheet or a browser obeys none of it. Line breaks, tabs
 * and the joiners that some scripts are spelled with may be in it.
 */
export function shownText(mostCharacters: number) {
  return plainText(mostCharacters).regex(/^(?:[\t\n\r]|[^\p{Cc}\p{Bidi_Control}])*$/u, {
    error:
      'may not hold control characters, such as those that turn the direction of text or drive a terminal',
  });
}

/** Such text in one line, as a name is: it stands in lists, beside amounts and in questions. */
export function shownLine(mostCharacters: number) {
  return plainText(mostCharacters).regex(/^[^\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]*$/u, {
    error:
      'may not hold line breaks, nor other control characters, such as those that turn the direction of text or drive a terminal',
    // What else is to be said of such a name is not of interest then.
    abort: true,
  });
}

/** Such text that says something: `error` is told of one that is blank. What is around it is cut off. */
export const saidText = (mostCharacters: number, error: string) =>
  shownText(mostCharacters).trim().regex(/\S/, { error });
