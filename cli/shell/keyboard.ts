import { PassThrough } from 'node:stream';
import type { Input } from '../terminal/input.js';

export interface Keyboard {
  /** Opens a stream of what is typed from now on, and of what was typed ahead. It looks like the terminal that it comes from. */
  open(): NodeJS.ReadableStream;
  /** Drops what was typed ahead. */
  forget(): void;
  /** Ends the stream that was opened. What is typed until the next time stays for that, unseen. */
  hold(): void;
  /** Leaves the terminal to others. */
  release(): void;
}

// The end of a line: Enter, and Ctrl-C, which a reader of lines ends at, too.
// biome-ignore lint/suspicious/noControlCharactersInRegex: Ctrl-C is one.
const lineEnd = /\r\n|\r|\n|\u0003/;

const ctrlC = 3;

/**
 * How many bytes are handed on at once: a line; or a Tab at the end by itself. In one piece with more, readline takes a Tab for a
 * blank that was pasted, and so the first of two fast ones.
 */
function lengthOfNext(typed: Buffer): number {
  // Latin-1 makes one character of each byte, so that places in the text are places in the bytes.
  const text = typed.toString('latin1');
  const found = lineEnd.exec(text);
  if (found) {
    return found.index + found[0].length;
  }
  const beforeTabs = text.replace(/\t+$/, '').length;
  return beforeTabs === 0 ? 1 : beforeTabs;
}

function piecesOf(typed: Buffer): Buffer[] {
  const pieces: Buffer[] = [];
  for (let rest = typed; rest.length > 0; ) {
    const length = lengthOfNext(rest);
    pieces.push(rest.subarray(0, length));
    rest = rest.subarray(length);
  }
  return pieces;
}

/**
 * Hands the keys of a terminal on line by line: readline drops what comes after a line in one piece, such as the further lines of
 * a text that was pasted.
 */
export function makeKeyboard(stdin: Input, onKey: () => void): Keyboard {
  const ahead: Buffer[] = [];
  let keys: PassThrough | undefined;
  let isListening = false;
  let turn: NodeJS.Immediate | undefined;

  /** What is typed while the reader is paused, as for a Tab that waits for the server, waits here, where Ctrl-C can drop it. */
  function handOn(): void {
    if (keys === undefined || keys.isPaused()) {
      return;
    }
    const next = ahead.shift();
    if (next !== undefined) {
      keys.write(next);
      // Where the line ended nothing, such as a line break that is part of an escape sequence, the rest goes on.
      handOnSoon();
    }
  }

  function handOnSoon(): void {
    turn ??= setImmediate(() => {
      turn = undefined;
      handOn();
    });
  }

  function take(typed: Buffer): void {
    const pieces = piecesOf(typed);
    const interrupt = pieces.findLastIndex((piece) => piece.at(-1) === ctrlC);
    if (interrupt !== -1) {
      // As a terminal does: what was typed before Ctrl-C and was not read yet is not run after it.
      ahead.length = 0;
      pieces.splice(0, interrupt);
    }
    // What is typed stays apart from what waits already: a Tab that waits at its end would be in the middle of what is typed
    // after it.
    ahead.push(...pieces);
    onKey();
    // What is typed gets its turn behind what waits already.
    if (turn === undefined) {
      handOn();
    }
  }

  const end = () => keys?.end();

  function listen(): void {
    if (!isListening) {
      isListening = true;
      stdin.on('data', take);
      stdin.once('end', end);
      stdin.resume();
    }
  }

  return {
    open() {
      const opened = Object.assign(new PassThrough(), {
        isTTY: true,
        setRawMode(isRaw: boolean) {
          // Between two lines the terminal stays raw, or it would show what is typed ahead, and make a signal of Ctrl-C.
          if (keys === opened) {
            stdin.setRawMode?.(isRaw);
          }
        },
      });
      keys = opened;
      opened.on('resume', handOnSoon);
      listen();
      handOnSoon();
      return opened;
    },
    forget() {
      ahead.length = 0;
    },
    hold() {
      keys = undefined;
    },
    release() {
      isListening = false;
      stdin.off('data', take);
      stdin.off('end', end);
      stdin.pause();
      stdin.setRawMode?.(false);
    },
  };
}
