/** Where a command stands in a line of ours: at its beginning, or behind a colon, a backtick or a parenthesis. */
const command = /(^ {0,2}|: |[`(])pay(?=$|[ `]|-server\b)/;

/**
 * A text of ours with its commands as they are typed here: `bin/pay` where that is how the program was called. Of each line only
 * the first command is looked at, so that a memo within one never changes.
 */
export function asCalled(text: string, calledAs: string): string {
  return calledAs === 'pay'
    ? text
    : text
        .split('\n')
        .map((line) => line.replace(command, (_all, before: string) => `${before}${calledAs}`))
        .join('\n');
}

/** Where the command begins that a line ends with, behind a colon; undefined where it holds none. */
export function commandAt(line: string): number | undefined {
  const found = /: (?=(?:\S*\/)?pay(?:$| |-server ))/.exec(line);
  return found ? found.index + 2 : undefined;
}
