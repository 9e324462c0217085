/**
 * The characters that a terminal would obey or hide instead of showing: control characters (C0, C1, DEL), formatting
 * characters (bidi overrides and isolates, zero-width spaces, soft hyphens, tags), line and paragraph separators, lone
 * surrogates, and letters that are drawn as nothing. The joiners U+200C and U+200D stay: Persian and emoji are spelled with
 * them.
 */
const hidden =
  /(?![\u200c\u200d])(?:[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]|[\u{e0100}-\u{e01ef}])/gu;

/** Text from others as it may be shown: each hidden character becomes its number, such as ‹U+202E›. */
export function visible(text: string): string {
  return text.replace(hidden, (character) => {
    const codePoint = character.codePointAt(0) ?? 0;
    return `‹U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}›`;
  });
}

/** The same for text of several lines and columns, whose line breaks and tabs stay. */
export function visibleLines(text: string): string {
  return text.replace(/[^\n\t]+/g, visible);
}

/** Whether the text holds a character that a terminal would not show. */
export function hasHidden(text: string): boolean {
  return visible(text) !== text;
}

/**
 * JSON that is safe on a terminal, too: JSON.stringify leaves C1, bidi and separator characters raw, here they
 * are escapes (RFC 8259 §7), which every parser reads back as the same text.
 */
export function safeJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(hidden, (character) =>
    // Line breaks of the indentation are the one control character outside of strings.
    character === '\n'
      ? character
      : [...Array(character.length).keys()]
          .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
          .join(''),
  );
}
