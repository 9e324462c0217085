/** How this program is called where nobody has said otherwise. */
export const usualName = 'pay-server';

/** The command line beside this program, as it is typed here. */
export const payBeside = (calledAs: string): string => calledAs.replace(/-server(?='?$)/, '');

/**
 * What makes of a text one whose commands can be typed here: `bin/pay-server check` where that is how the program was called. What
 * only speaks of a pay-server stays.
 */
export function typedAs(calledAs: string, commands: Iterable<string>): (text: string) => string {
  const own = new RegExp(`(?<![\\w./-])pay-server(?=\\s+(?:${[...commands].join('|')})\\b)`, 'g');
  return (text) => text.replace(own, () => calledAs);
}
