import { Chalk, type ColorSupportLevel } from 'chalk';
import { type Part, reshaped, type Shown } from './shown.js';

type Environment = Readonly<Record<string, string | undefined>>;

interface Terminal {
  readonly isTTY?: boolean;
  getColorDepth?(environment: object): number;
}

const forced: Readonly<Record<string, ColorSupportLevel>> = { '0': 0, false: 0, '2': 2, '3': 3 };
const byDepth: Readonly<Record<number, ColorSupportLevel>> = { 4: 1, 8: 2, 24: 3 };

/**
 * How many colours one stream gets: FORCE_COLOR beats NO_COLOR (https://no-color.org) beats what the stream is.
 * Judged for each stream, so that a piped stdout is plain while stderr on a terminal is not.
 */
export function colourLevel(stream: Terminal, environment: Environment): ColorSupportLevel {
  const force = environment.FORCE_COLOR;
  if (force !== undefined) {
    return forced[force] ?? 1;
  }
  const { NO_COLOR, ...others } = environment;
  if (NO_COLOR || others.TERM === 'dumb' || stream.isTTY !== true) {
    return 0;
  }
  // Node takes an empty NO_COLOR for an objection, which the standard does not.
  return byDepth[stream.getColorDepth?.(others) ?? 1] ?? 0;
}

const styles = ['bold', 'dim', 'reset', 'red', 'green', 'yellow', 'cyan', 'white'] as const;

type Style = (typeof styles)[number];

/** Writes text in a style; what is hidden in it is made visible. */
export type Pen = Readonly<Record<Style, (text: Part) => Shown>> & { readonly level: ColorSupportLevel };

/** The pen of a stream that takes so many colours; without any it changes nothing but what is hidden. */
export function makePen(level: ColorSupportLevel): Pen {
  const chalk = new Chalk({ level });
  const pens = styles.map((style) => [style, (text: Part) => reshaped(text, chalk[style])] as const);
  return { ...(Object.fromEntries(pens) as Record<Style, (text: Part) => Shown>), level };
}

/** A pen without colours. */
export function plainPen(): Pen {
  return makePen(0);
}

/** The pen of one stream; without colours it changes nothing but what is hidden. */
export function penFor(stream: Terminal, environment: Environment): Pen {
  return makePen(colourLevel(stream, environment));
}
