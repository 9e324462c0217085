import wrapAnsi from 'wrap-ansi';
import { widest } from './align.js';
import { type Part, reshaped, type Shown } from './shown.js';

const least = 20;

function wrapped(text: string, indent: number, width: number): string {
  const room = width - indent;
  const below = width - 2;
  if (widest([text]) <= room) {
    return text;
  }
  const beside = wrapAnsi(text, Math.max(room, least)).split('\n');
  if (widest(beside) <= room) {
    return beside.join(`\n${' '.repeat(indent)}`);
  }
  const isWhole = widest(text.split(' ')) <= below;
  return isWhole
    ? `\n  ${wrapAnsi(text, below).replaceAll('\n', '\n  ')}`
    : wrapAnsi(text, Math.max(room, least), { hard: true }).replaceAll('\n', `\n${' '.repeat(indent)}`);
}

/**
 * Text that begins so many cells from the left, wrapped between words to stay there. A word that is too long for that, such as an
 * id, stands whole below, for it is to be copied in one piece; only what is longer than a line is broken.
 */
export function wrapBeside(text: Part, indent: number, width: number): Shown {
  return reshaped(text, (visibleText) => wrapped(visibleText, indent, width));
}
