import type { LogStream } from '../process/logger.js';

const delayMs = 500;
const lineEveryMs = 5_000;

export interface Progress {
  /** Tells how much is done, from 0 to 1. */
  tell(fraction: number): void;
  /** Leaves the terminal as if nothing had been said. */
  end(): void;
}

/** Shows how far a long work is: on a terminal a line that changes, after a moment; elsewhere a line every few seconds. */
export function makeProgress(
  { stream, what }: { readonly stream: LogStream; readonly what: string },
  nowMs: () => number = () => performance.now(),
): Progress {
  let nextMs = nowMs() + (stream.isTTY ? delayMs : lineEveryMs);
  let shown = '';

  function show(text: string): void {
    if (text !== shown) {
      stream.write(`\r${text.padEnd(shown.length)}`);
      shown = text;
    }
  }

  return {
    tell(fraction) {
      if (nowMs() < nextMs) {
        return;
      }
      const text = `${what}: ${Math.floor(fraction * 100)} %`;
      if (stream.isTTY) {
        show(text);
      } else {
        nextMs = nowMs() + lineEveryMs;
        stream.write(`pay-server: ${text}\n`);
      }
    },
    end() {
      if (shown !== '') {
        show('');
        stream.write('\r');
      }
    },
  };
}
