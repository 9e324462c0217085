import { once } from 'node:events';
import type { ChalkInstance } from 'chalk';
import { penFor } from './render/colours.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** One output stream as a command sees it. */
export interface Screen {
  readonly isTerminal: boolean;
  /** Cells from left to right; 80 where there is no terminal. */
  readonly width: number;
  readonly pen: ChalkInstance;
  /** Whether the reader of the pipe has gone, so that there is no sense in going on. */
  readonly isGone: boolean;
  /** Resolves when the stream takes more. */
  write(text: string): Promise<void>;
  /** For a prompt or a spinner that draws by itself. */
  readonly stream: NodeJS.WriteStream;
}

const usualWidth = 80;

/** The screen of a stream. After the reader of a pipe has gone, writing does nothing. */
export function makeScreen(stream: NodeJS.WriteStream, environment: Environment): Screen {
  let isGone = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      throw error;
    }
    isGone = true;
  });
  return {
    isTerminal: stream.isTTY === true,
    get isGone() {
      return isGone;
    },
    get width() {
      return stream.columns || Number(environment.COLUMNS) || usualWidth;
    },
    pen: penFor(stream, environment),
    async write(text) {
      if (!isGone && !stream.write(text)) {
        await Promise.race([once(stream, 'drain'), once(stream, 'close')]).catch(() => undefined);
      }
    },
    stream,
  };
}
