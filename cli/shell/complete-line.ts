import cliTruncate from 'cli-truncate';
import type { Candidate } from '../completion/live-values.js';
import type { Screen } from '../terminal/screen.js';
import { padEnd, widest } from '../terminal/text/align.js';
import { shellQuote } from '../terminal/text/shell-quote.js';
import { joined, type Shown, shown } from '../terminal/text/shown.js';
import { visible } from '../terminal/text/visible.js';
import { type SplitLine, splitLine } from './split-line.js';

/** The word that is being typed at the end of a line. */
export interface TypedWord {
  /** All words of the line, the one being typed last; it is empty where none is begun. */
  readonly words: readonly string[];
  /** The end of the line as it stands there, quotes and all. */
  readonly raw: string;
}

function isBetweenWords(line: string, { open }: SplitLine): boolean {
  return open === undefined && (line === '' || /(?:^|[^\\])[ \t\n]$/.test(line));
}

/** The word at the end of what was typed. */
export function typedWord(line: string): TypedWord {
  const split = splitLine(line);
  const words = split.words.map(({ text }) => text);
  if (isBetweenWords(line, split)) {
    return { words: [...words, ''], raw: '' };
  }
  const last = split.words.at(-1);
  return last ? { words, raw: line.slice(last.start) } : { words: [''], raw: '' };
}

function commonStart(values: readonly string[]): string {
  const [first = '', ...rest] = values;
  const isCommon = (length: number) =>
    rest.every((value) => value.toLowerCase().startsWith(first.slice(0, length).toLowerCase()));
  let length = first.length;
  while (!isCommon(length)) {
    length -= 1;
  }
  return first.slice(0, length);
}

/** The replacement of the word: a whole one with a space behind it, or as much as all have in common; undefined where that is nothing new. */
export function replacement(candidates: readonly Candidate[], { words }: TypedWord): string | undefined {
  const values = candidates.map(({ value }) => value);
  const word = words.at(-1) ?? '';
  if (values.length === 1) {
    return `${shellQuote(values[0] ?? '')} `;
  }
  const common = commonStart(values);
  if (common.length <= word.length) {
    return undefined;
  }
  const quoted = shellQuote(common);
  // The word's quote stays open while it is not whole.
  return quoted === common ? quoted : quoted.slice(0, -1);
}

const mostDescribed = 20;
const mostListed = 200;
const gap = 2;

function columnsText(values: readonly string[], width: number): Shown {
  const cell = widest(values) + gap;
  const count = Math.max(1, Math.floor(width / cell));
  const rows = Math.ceil(values.length / count);
  const lines = [...Array(rows).keys()].map((row) =>
    values
      .filter((_value, index) => index % rows === row)
      .map((value) => padEnd(value, cell))
      .join('')
      .trimEnd(),
  );
  return joined(lines, '\n');
}

/** The candidates to choose from: a few with what they are, many in columns. */
export function choicesText(candidates: readonly Candidate[], { width, pen }: Screen): Shown {
  const values = candidates.map(({ value }) => visible(value));
  const isDescribed = candidates.some(({ description }) => description !== '');
  if (candidates.length > mostDescribed || !isDescribed) {
    const more = values.length - mostListed;
    const rest = more > 0 ? shown`\n${pen.dim(`… and ${more} more`)}` : '';
    return shown`${columnsText(values.slice(0, mostListed), width)}${rest}`;
  }
  const left = widest(values) + gap;
  const lines = candidates.map(({ description }, index) => {
    const rest = cliTruncate(visible(description), Math.max(0, width - left - 1));
    return rest === '' ? (values[index] ?? '') : shown`${padEnd(values[index] ?? '', left)}${pen.dim(rest)}`;
  });
  return joined(lines, '\n');
}
