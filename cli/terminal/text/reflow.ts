interface Block {
  /** The term before the text in its first line, or nothing. */
  readonly lead: string;
  readonly words: readonly string[];
  /** Whether it is shown as it stands, such as a command. */
  readonly isFixed: boolean;
}

function blockOf(line: string): Block {
  const [, lead = '', text = line] = /^(\s*\S.*?\s{2,})(\S.*)$/.exec(line) ?? [];
  const isFixed = line === '' || (lead === '' && line.startsWith(' '));
  return { lead, words: isFixed ? [line] : text.split(' '), isFixed };
}

/** Whether a line goes on with the block before it: it stands under the text of that. */
function goesOn(line: string, { lead, isFixed }: Block): boolean {
  const indent = line.length - line.trimStart().length;
  return !isFixed && line !== '' && indent === lead.length && blockOf(line.trimStart()).lead === '';
}

function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  for (const line of text.trimEnd().split('\n')) {
    const last = blocks.at(-1);
    if (last && goesOn(line, last)) {
      blocks[blocks.length - 1] = { ...last, words: [...last.words, ...line.trim().split(' ')] };
    } else {
      blocks.push(blockOf(line));
    }
  }
  return blocks;
}

function linesOf({ lead, words, isFixed }: Block, width: number): string[] {
  if (isFixed) {
    return [...words];
  }
  const lines: string[] = [];
  let line = lead;
  let isBegun = false;
  for (const word of words) {
    if (isBegun && line.length + 1 + word.length > width) {
      lines.push(line);
      line = ' '.repeat(lead.length);
      isBegun = false;
    }
    line += isBegun ? ` ${word}` : word;
    isBegun = true;
  }
  return [...lines, line];
}

/**
 * A text of paragraphs, and of terms with what they mean beside them, in lines of at most this width; indented lines that are
 * neither, such as commands, stay as they are.
 */
export function reflow(text: string, width: number): string {
  return `${blocksOf(text)
    .flatMap((block) => linesOf(block, width))
    .join('\n')}\n`;
}
