import { shellCommand } from '../terminal/text/shell-quote.js';
import type { Shown } from '../terminal/text/shown.js';
import type { LineEditor } from './line-editor.js';
import { continuedPrompt } from './prompt-text.js';
import { splitLine } from './split-line.js';

export interface Entered {
  /** The line as it was typed; one of several lines as one that means the same. */
  readonly line: string;
  readonly words: readonly string[];
}

/** Reads until a line is whole and says something; gives undefined where there is nothing more to come. */
export async function readWhole(
  editor: Pick<LineEditor, 'read'>,
  prompt: () => Shown,
  onDrop: () => void,
): Promise<Entered | undefined> {
  let begun = '';
  for (;;) {
    const typed = await (begun === '' ? editor.read(prompt()) : editor.read(continuedPrompt, true));
    if (typed.end === 'left') {
      return undefined;
    }
    if (typed.end === 'dropped') {
      begun = '';
      onDrop();
      continue;
    }
    const text: string = begun + typed.text;
    const split = splitLine(text);
    const words = split.words.map((word) => word.text);
    if (split.open === undefined && words.length > 0) {
      return { line: begun === '' ? text : shellCommand(words), words };
    }
    begun = split.open === undefined ? '' : `${text}\n`;
  }
}
