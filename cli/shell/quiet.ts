import type { Surroundings } from '../context.js';
import type { Screen } from '../terminal/screen.js';

function silent({ pen, stream, width }: Screen): Screen {
  return { isTerminal: false, isGone: false, width, pen, stream, write: async () => undefined };
}

/** The same surroundings for what goes on behind the line being typed: nothing is shown there, and nobody asked. */
export function quiet(surroundings: Surroundings, signal: AbortSignal): Surroundings {
  const { stdout, stderr } = surroundings;
  return { ...surroundings, stdout: silent(stdout), stderr: silent(stderr), signal };
}
