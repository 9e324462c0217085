import { encode } from 'uqr';
import type { Screen } from './screen.js';
import { asItStands, joined, type Shown } from './text/shown.js';

/** The longest text of a code: longer ones make codes that fit no screen. */
const longest = 1_000;

/** The border of a code, in modules: without white around it cameras do not find it. */
const border = 2;

/** Two modules, one above the other, as one character: a light one is lit. */
const halves: Readonly<Record<string, string>> = { '00': '█', '01': '▀', '10': '▄', '11': ' ' };

const dark = (module: boolean | undefined) => (module === true ? '1' : '0');

/** The lines of a QR code in half blocks; light modules are lit. */
export function qrLines(text: string): readonly string[] {
  const { data, size } = encode(text, { ecc: 'L', border });
  return Array.from({ length: Math.ceil(size / 2) }, (_, line) => {
    const [upper = [], lower = []] = [data[line * 2], data[line * 2 + 1]];
    return upper.map((module, at) => halves[dark(module) + dark(lower[at])]).join('');
  });
}

/**
 * A QR code for a screen, white on black whatever the colours of the terminal are, where it has some; undefined where it is
 * too wide for it.
 */
export function qrText(text: string, { width, pen }: Pick<Screen, 'width' | 'pen'>): Shown | undefined {
  if (text.length > longest) {
    return undefined;
  }
  const lines = qrLines(text);
  if (lines.some((line) => line.length > width)) {
    return undefined;
  }
  const painted = (line: string) => (pen.level > 0 ? `\u001b[97;40m${line}\u001b[0m` : line);
  return joined(
    lines.map((line) => asItStands(painted(line))),
    '\n',
  );
}
