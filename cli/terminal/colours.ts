import { Chalk, type ChalkInstance, type ColorSupportLevel } from 'chalk';

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

/** A pen that gives its text unchanged. */
export function plainPen(): ChalkInstance {
  return new Chalk({ level: 0 });
}

/** The pen of one stream; without colours it gives its text unchanged. */
export function penFor(stream: Terminal, environment: Environment): ChalkInstance {
  return new Chalk({ level: colourLevel(stream, environment) });
}
