import { stripVTControlCharacters } from 'node:util';
import type { Screen } from './screen.js';
import { commandAt } from './text/as-called.js';
import { asItStands, type Shown } from './text/shown.js';

// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one.
const lead = /^(?:\u001b\[[0-9;]*m|[ ✗✓!?→])*/;

const isCommand = (text: string) => /^(?:\S*\/)?pay(?:-server)? /.test(text);

/** A line in pieces that fit. A command, which is to be copied, stays in one piece on a line of its own. */
async function brokenLine(line: string, width: number): Promise<string> {
  const { default: wrapAnsi } = await import('wrap-ansi');
  const [before = ''] = lead.exec(line) ?? [];
  const indent = stripVTControlCharacters(before).length;
  const text = line.slice(before.length);
  const at = commandAt(text);
  const below = `\n${' '.repeat(indent)}`;
  const wrapped = (words: string) =>
    wrapAnsi(words, Math.max(width - indent, 1))
      .split('\n')
      .join(below);
  if (isCommand(stripVTControlCharacters(text))) {
    return line;
  }
  return at === undefined
    ? `${before}${wrapped(text)}`
    : `${before}${wrapped(text.slice(0, at).trimEnd())}${below}${text.slice(at)}`;
}

/** The text of something said to people, as this screen shows it: on a terminal, lines are broken between words. */
export async function talkText(said: Shown, { isTerminal, width }: Screen): Promise<Shown> {
  const { text } = said;
  const isWide = (line: string) => stripVTControlCharacters(line).length * 2 > width;
  if (!isTerminal || !text.split('\n').some(isWide)) {
    return said;
  }
  const { widest } = await import('./text/align.js');
  const lines = text.split('\n').map((line) => (widest([line]) > width ? brokenLine(line, width) : line));
  return asItStands((await Promise.all(lines)).join('\n'));
}
