import { clearScreenDown, createInterface, cursorTo, type Interface, moveCursor } from 'node:readline';
import type { Shown } from '../terminal/text/shown.js';

/** Gives the one text to put in place of the end of the line, and that end; may announce what there is to choose from. */
export type Complete = (line: string) => Promise<readonly [string[], string]>;

export interface LineReaderParts {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly prompt: string;
  /** The lines that were typed before, newest first. */
  readonly history: readonly string[];
  readonly complete: Complete;
}

// How long the rest of an escape sequence is waited for: long enough for the bytes of one key over a slow line, short enough
// for Escape alone.
const escapeMs = 100;

/** Opens readline for one line on a terminal; it asks for nothing yet. */
export function openReader({ input, output, prompt, history, complete }: LineReaderParts): Interface {
  return createInterface({
    input,
    output,
    terminal: true,
    prompt,
    history: [...history],
    historySize: history.length + 1,
    escapeCodeTimeout: escapeMs,
    completer: (line, done) => {
      complete(line).then(
        (found) => done(null, [...found]),
        () => done(null, [[], line]),
      );
    },
  });
}

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
export function beforeKey(reader: Interface): void {
  const pasting = reader as Pasting;
  if (reader.cursor < reader.line.length) {
    pasting.isCompletionEnabled = true;
  }
  if (pasting.isCompletionEnabled !== false) {
    believe(reader, reader.getCursorPos().rows);
  }
}

/** Readies readline for a terminal that has wrapped its lines anew. */
export function afterRewrap(reader: Interface): void {
  believe(reader, reader.getCursorPos().rows);
}

/** Takes the line that is being typed off the screen, shows the text in its place, and the line below that. */
export function redraw(
  output: NodeJS.WritableStream,
  reader: Interface,
  { text }: Shown,
  prompt = reader.getPrompt(),
): void {
  const { rows } = reader.getCursorPos();
  cursorTo(output, 0);
  moveCursor(output, 0, -rows);
  clearScreenDown(output);
  output.write(text);
  reader.setPrompt(prompt);
  believe(reader, 0);
  reader.prompt(true);
}
