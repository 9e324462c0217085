import type { Runtime } from '../context.js';
import type { Screen } from '../terminal/screen.js';

function silent({ pen, stream, width }: Screen): Screen {
  return { isTerminal: false, isGone: false, width, pen, stream, write: async () => undefined };
}

/** The same runtime for what goes on behind the line being typed: nothing is shown there, and nobody asked. */
export function withoutOutput(runtime: Runtime, signal: AbortSignal): Runtime {
  const { stdout, stderr } = runtime;
  return { ...runtime, stdout: silent(stdout), stderr: silent(stderr), signal };
}
