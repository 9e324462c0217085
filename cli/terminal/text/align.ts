import stringWidth from 'string-width';

/** Pads with spaces on the right up to a width in terminal cells. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}

/** Pads with spaces on the left up to a width in terminal cells. */
export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - stringWidth(text))) + text;
}

/** The width of the widest text, in terminal cells; 0 of none. */
export function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => stringWidth(text)));
}

interface AmountParts {
  readonly whole: string;
  readonly fraction: string;
  readonly code: string;
}

function amountParts(text: string, point: string): AmountParts {
  const space = text.lastIndexOf(' ');
  const number = space < 0 ? text : text.slice(0, space);
  const at = number.lastIndexOf(point);
  return {
    whole: at < 0 ? number : number.slice(0, at),
    fraction: at < 0 ? '' : number.slice(at),
    code: space < 0 ? '' : text.slice(space),
  };
}

/** Pads amounts such as "1,000.00 GBP" and "15 JPY" so that their points, and their codes, stand below each other. */
export function alignOnPoint(texts: readonly string[], point: string): string[] {
  const all = texts.map((text) => amountParts(text, point));
  const wholeWidth = widest(all.map(({ whole }) => whole));
  const fractionWidth = widest(all.map(({ fraction }) => fraction));
  return all.map(
    ({ whole, fraction, code }) => padStart(whole, wholeWidth) + padEnd(fraction, fractionWidth) + code,
  );
}
