import { stripVTControlCharacters } from 'node:util';
import { visible } from './visible.js';

// The mark of such a text, which no JSON can hold, whatever a server sends. It is not the class itself, of which a part that
// is bundled apart has its own.
const mark = Symbol.for('pay.shown');

/**
 * Text that a terminal gets as it stands: words and colours of our own, and what came from others with everything hidden in
 * it made visible. It is no string, so that text from others, which is one, is not taken for it. Made by `shown`, by a pen,
 * or of parts that are either.
 */
class ShownText {
  readonly [mark] = true;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  get text(): string {
    return this.#text;
  }

  /** The words alone, as they go into a plain text. */
  toString(): string {
    return stripVTControlCharacters(this.#text);
  }
}

export type Shown = ShownText;

/** A part of such a text: a string is anybody's, and is made visible. */
export type Part = Shown | string | number;

function isShown(part: Part): part is Shown {
  return typeof part === 'object' && part !== null && mark in part;
}

const textOf = (part: Part) => (isShown(part) ? part.text : visible(String(part)));

/** A template whose words are our own and whose values may be anybody's. */
export function shown(words: TemplateStringsArray, ...parts: readonly Part[]): Shown {
  const pieces = parts.map((part, at) => `${textOf(part)}${words[at + 1] ?? ''}`);
  return new ShownText(`${words[0] ?? ''}${pieces.join('')}`);
}

/** Parts with our own words, or nothing, between them. */
export function joined(parts: readonly Part[], between = ''): Shown {
  return new ShownText(parts.map(textOf).join(between));
}

/**
 * A text that is the program's own, or was made safe for a terminal or for the pipe that it goes to: JSON, CSV, help. For
 * anything else there is `shown`.
 */
export function asItStands(text: string): Shown {
  return new ShownText(text);
}

/** The same text after something that leaves its words as they are, such as to wrap or to pad it. */
export function reshaped(part: Part, shape: (text: string) => string): Shown {
  return new ShownText(shape(textOf(part)));
}
