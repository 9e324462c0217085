import type { Interface } from 'node:readline';
import type { Runtime } from '../context.js';
import { joined, type Shown, shown } from '../terminal/text/shown.js';
import { makeKeyboard } from './keyboard.js';
import { afterRewrap, beforeKey, type Complete, openReader, redraw } from './line-reader.js';

/** The end of a line: with Enter, dropped with Ctrl-C, or with nothing more to come. */
export type Typed =
  | { readonly end: 'entered'; readonly text: string }
  | { readonly end: 'dropped' }
  | { readonly end: 'left' };

export interface LineEditor {
  /** Reads a line; with `isContinued` it goes on with one that was not whole. */
  read(prompt: Shown, isContinued?: boolean): Promise<Typed>;
  /** Changes the prompt of the line that is being typed. */
  setPrompt(prompt: Shown): void;
  /** Shows lines above the one being typed; while none is, they wait for the next. */
  announce(text: Shown): void;
  /** Drops the line that is being typed. */
  drop(): void;
  /** Drops what was typed ahead of the next line. */
  forgetAhead(): void;
  /** Leaves the terminal to others until the next line is read. */
  release(): void;
}

export interface LineEditorParts extends Pick<Runtime, 'stdin' | 'stderr' | 'signal' | 'environment'> {
  /** The lines that were typed before, newest first. */
  readonly history: () => readonly string[];
  readonly complete: Complete;
  readonly onKey: () => void;
}

/** Reads lines on a terminal with node:readline, one reader a line, so that between two of them the terminal is free for others. */
export function makeLineEditor(parts: LineEditorParts): LineEditor {
  const { stdin, stderr, signal, environment } = parts;
  const output = stderr.stream;
  const keyboard = makeKeyboard(stdin, parts.onKey);
  // A dumb terminal has no lines above the one being typed.
  const canMove = environment.TERM !== 'dumb';
  let current: { readonly reader: Interface; readonly isContinued: boolean } | undefined;
  let dropCurrent = () => {};
  let waiting: Shown[] = [];

  function showWaiting(): void {
    if (waiting.length > 0) {
      output.write(shown`${joined(waiting, '\n')}\n`.text);
      waiting = [];
    }
  }

  function read({ text: prompt }: Shown, isContinued = false): Promise<Typed> {
    showWaiting();
    return new Promise((resolve) => {
      const history = parts.history();
      const input = keyboard.open();
      const reader = openReader({
        input,
        output,
        prompt,
        history,
        complete: parts.complete,
      });
      const rewrap = () => afterRewrap(reader);
      let isClosed = false;
      const leave = () => end({ end: 'left' }, '\n');
      function end(typed: Typed, rest = ''): void {
        if (current?.reader !== reader) {
          return;
        }
        current = undefined;
        // The cursor goes to the end of what was typed first, so that nothing of it is overwritten; readline closes by itself on an empty line.
        if (rest !== '' && !isClosed) {
          reader.write(null, { ctrl: true, name: 'e' });
        }
        output.write(rest);
        signal.removeEventListener('abort', leave);
        output.off('resize', rewrap);
        keyboard.hold();
        reader.close();
        resolve(typed);
      }
      current = { reader, isContinued };
      dropCurrent = () => end({ end: 'dropped' }, '^C\n');
      reader.once('line', (text) => end({ end: 'entered', text }));
      reader.on('SIGINT', dropCurrent);
      reader.once('close', () => {
        isClosed = true;
        leave();
      });
      reader.on('SIGCONT', () => reader.prompt(true));
      signal.addEventListener('abort', leave);
      output.prependListener('resize', rewrap);
      input.prependListener('keypress', () => beforeKey(reader));
      reader.prompt();
      if (signal.aborted) {
        leave();
      }
    });
  }

  return {
    read,
    setPrompt({ text: prompt }) {
      if (current && !current.isContinued && canMove && current.reader.getPrompt() !== prompt) {
        redraw(output, current.reader, shown``, prompt);
      }
    },
    announce(text) {
      if (current && canMove) {
        redraw(output, current.reader, shown`${text}\n`);
      } else {
        waiting.push(text);
      }
    },
    drop: () => dropCurrent(),
    forgetAhead: keyboard.forget,
    release: keyboard.release,
  };
}
