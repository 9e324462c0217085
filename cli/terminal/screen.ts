import { Failure } from '../failure/failure.js';
import { type Pen, penFor, plainPen } from './text/colours.js';
import type { Shown } from './text/shown.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** One output stream as a command sees it. */
export interface Screen {
  readonly isTerminal: boolean;
  /** Cells from left to right; 80 where there is no terminal. */
  readonly width: number;
  readonly pen: Pen;
  /** Whether the reader of the pipe has gone, so that there is no sense in going on. */
  readonly isGone: boolean;
  /** Resolves when the stream takes more. */
  write(text: Shown): Promise<void>;
  /** The stream itself, for a prompt or a spinner that draws on it. */
  readonly stream: NodeJS.WriteStream;
}

const usualWidth = 80;

/** The screen of a stream. After the reader of a pipe has gone, writing does nothing, and that is no error. */
export function makeScreen(stream: NodeJS.WriteStream, environment: Environment): Screen {
  let isGone = false;
  // Each write hears of its own error; without a listener the stream would end the process.
  stream.on('error', () => undefined);
  return {
    isTerminal: stream.isTTY === true,
    get isGone() {
      return isGone;
    },
    get width() {
      return stream.columns || Number(environment.COLUMNS) || usualWidth;
    },
    pen: penFor(stream, environment),
    write: ({ text }) =>
      new Promise((resolve, reject) => {
        if (isGone) {
          resolve();
          return;
        }
        stream.write(text, (error: (Error & { code?: string }) | null | undefined) => {
          isGone ||= error?.code === 'EPIPE';
          if (!error || isGone) {
            resolve();
            return;
          }
          reject(
            new Failure('unreachable', `The output cannot be written: ${error.message}`, {
              isOfResult: true,
              cause: error,
            }),
          );
        });
      }),
    stream,
  };
}

/** Whether a text of whole lines is higher than the terminal, whose last line is the prompt's. */
export function isTooHigh({ text }: Shown, { stream }: Pick<Screen, 'stream'>): boolean {
  return text.split('\n').length > (stream.rows ?? Number.POSITIVE_INFINITY);
}

/** The same screen without colours, as `--no-color` asks for it. */
export function withoutColours(screen: Screen): Screen {
  return Object.create(screen, { pen: { value: plainPen(), enumerable: true } }) as Screen;
}
