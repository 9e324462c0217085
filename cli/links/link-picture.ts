import type { Context } from '../context.js';
import { qrText } from '../terminal/qr-text.js';
import { type Shown, shown } from '../terminal/text/shown.js';

/** A link as a code for cameras, with its text below; where no code can be drawn the text alone, and why. */
export function linkPicture(
  link: string,
  { stdout, environment }: Pick<Context, 'stdout' | 'environment'>,
): Shown {
  if (environment.TERM === 'dumb') {
    return shown`${link}\n`;
  }
  const code = qrText(link, stdout);
  return code === undefined
    ? shown`${stdout.pen.dim('The terminal is too narrow for the code of this link:')}\n${link}\n`
    : shown`${code}\n${link}\n`;
}
