import { type Part, reshaped, type Shown } from './shown.js';

/** The places where a command stands in a line of ours: at its beginning, or behind a colon, a pipe, a backtick or a parenthesis. */
const command = /(^ {0,2}|: |\| |[`(])pay(?=$|[ `]|-server\b)/;

/**
 * A text of ours with its commands as they are typed here: `bin/pay` where that is how the program was called. Of each line only
 * the first command is looked at, so that a memo within one never changes.
 */
export function wordsAsCalled(text: string, calledAs: string): string {
  const typed = (line: string) => line.replace(command, (_all, before: string) => `${before}${calledAs}`);
  return calledAs === 'pay' ? text : text.split('\n').map(typed).join('\n');
}

/** The same for what a terminal gets. */
export function asCalled(text: Part, calledAs: string): Shown {
  return reshaped(text, (words) => wordsAsCalled(words, calledAs));
}

/** Where the command begins that a line ends with, behind a colon; undefined where it holds none. */
export function commandAt(line: string): number | undefined {
  const found = /: (?=(?:\S*\/)?pay(?:$| |-server ))/.exec(line);
  return found ? found.index + 2 : undefined;
}
