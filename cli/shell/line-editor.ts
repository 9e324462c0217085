import { clearScreenDown, createInterface, cursorTo, type Interface, moveCursor } from 'node:readline';
import type { Runtime } from '../context.js';
import { joined, type Shown, shown } from '../terminal/text/shown.js';
import { makeKeyboard } from './keyboard.js';

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
  /** Leaves the terminal to others until the next line is read. */
  release(): void;
}

export interface LineEditorParts extends Pick<Runtime, 'stdin' | 'stderr' | 'signal' | 'environment'> {
  /** The lines that were typed before, newest first. */
  readonly history: () => readonly string[];
  /** Gives the one text to put in place of the end of the line, and that end; may announce what there is to choose from. */
  readonly complete: (line: string) => Promise<readonly [string[], string]>;
  readonly onKey: () => void;
}

// How long the rest of an escape sequence is waited for: long enough for the bytes of one key over a slow line, short enough
// for Escape alone.
const escapeMs = 100;

/**
 * Tells readline how far below the beginning of the prompt the cursor stands, which is how far it goes up before it draws. By
 * itself it is wrong about that after a paste, and after the terminal has wrapped its lines anew.
 */
function believe(reader: Interface, rows: number): void {
  (reader as { prevRows?: number }).prevRows = rows;
}

/** What readline does not tell: while all but the last character of a paste come it draws nothing anew, and completes nothing. */
interface Pasting {
  isCompletionEnabled?: boolean;
}

/**
 * Readies readline for a key. In the middle of a line a paste is taken for so many keys, as readline of Node 20 puts all but its
 * last character at the end.
 */
function beforeKey(reader: Interface): void {
  const pasting = reader as Pasting;
  if (reader.cursor < reader.line.length) {
    pasting.isCompletionEnabled = true;
  }
  if (pasting.isCompletionEnabled !== false) {
    believe(reader, reader.getCursorPos().rows);
  }
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

  /** Takes the line that is being typed off the screen, shows the text in its place, and the line below that. */
  function redraw({ reader }: { reader: Interface }, { text }: Shown, prompt = reader.getPrompt()): void {
    const { rows } = reader.getCursorPos();
    cursorTo(output, 0);
    moveCursor(output, 0, -rows);
    clearScreenDown(output);
    output.write(text);
    reader.setPrompt(prompt);
    believe(reader, 0);
    reader.prompt(true);
  }

  function showWaiting(): void {
    if (waiting.length > 0) {
      output.write(shown`${joined(waiting, '\n')}\n`.text);
      waiting = [];
    }
  }

  function read({ text: prompt }: Shown, isContinued = false): Promise<Typed> {
    showWaiting();
    return new Promise((resolve) => {
      const history = [...parts.history()];
      const input = keyboard.open();
      const reader = createInterface({
        input,
        output,
        terminal: true,
        prompt,
        history,
        historySize: history.length + 1,
        escapeCodeTimeout: escapeMs,
        completer: (line, done) => {
          parts.complete(line).then(
            (found) => done(null, [...found]),
            () => done(null, [[], line]),
          );
        },
      });
      const rewrap = () => believe(reader, reader.getCursorPos().rows);
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
        redraw(current, shown``, prompt);
      }
    },
    announce(text) {
      if (current && canMove) {
        redraw(current, shown`${text}\n`);
      } else {
        waiting.push(text);
      }
    },
    drop: () => dropCurrent(),
    release: keyboard.release,
  };
}
