/** The openers that a line can end in before it is whole: a quote that is not closed, or a backslash before the line break. */
export type Opener = "'" | '"' | "$'" | '\\';

export interface Word {
  readonly text: string;
  /** The place in the line where the word begins. */
  readonly start: number;
}

export interface SplitLine {
  readonly words: readonly Word[];
  /** The opener that is still open at the end. */
  readonly open: Opener | undefined;
}

const letters: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/** The text between $' and ', whose \xHH are bytes of UTF-8; an escape that has no meaning stays as it is. */
function ansiText(quoted: string): string {
  const pieces = quoted.match(/(?:\\x[0-9a-f]{1,2})+|\\[\s\S]|[^\\]+/gi) ?? [];
  return pieces
    .map((piece) => {
      if (/^\\x[0-9a-f]/i.test(piece)) {
        const bytes = piece.split('\\x').slice(1);
        return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 16))).toString('utf8');
      }
      return piece.startsWith('\\') ? (letters[piece.slice(1)] ?? piece) : piece;
    })
    .join('');
}

const doubleText = (quoted: string) =>
  quoted.replace(/\\([\\"$`\n])/g, (_all, character) => (character === '\n' ? '' : character));

/** The pieces that a word is made of, each with the text that it stands for. */
const pieces: readonly { readonly pattern: RegExp; readonly text: (inner: string) => string }[] = [
  { pattern: /'([^']*)'/y, text: (inner) => inner },
  { pattern: /"((?:[^"\\]|\\[\s\S])*)"/y, text: doubleText },
  { pattern: /\$'((?:[^'\\]|\\[\s\S])*)'/y, text: ansiText },
  { pattern: /\\([\s\S])/y, text: (inner) => (inner === '\n' ? '' : inner) },
  { pattern: /((?:[^ \t\r\n'"\\$]|\$(?!'))+)/y, text: (inner) => inner },
];

const openers: readonly Opener[] = ["'", '"', "$'", '\\'];

function matchAt(pattern: RegExp, line: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(line);
}

function pieceAt(line: string, at: number): { readonly text: string; readonly end: number } | undefined {
  for (const { pattern, text } of pieces) {
    const found = matchAt(pattern, line, at);
    if (found) {
      return { text: text(found[1] ?? ''), end: at + found[0].length };
    }
  }
  return undefined;
}

/** The text that stands behind an opener which is never closed, so far. */
function openText(line: string, at: number, opener: Opener): string {
  const inner = line.slice(at + opener.length);
  if (opener === '"') {
    return doubleText(inner);
  }
  return opener === "$'" ? ansiText(inner) : inner;
}

/**
 * Splits a line into words as a POSIX shell does (XCU 2.2, 2.3): quotes, backslashes, comments, and the $'…' that this program
 * itself writes. There are no variables, patterns or operators, so that `$5`, `*` and `|` are only characters.
 */
export function splitLine(line: string): SplitLine {
  const words: Word[] = [];
  let at = 0;
  for (;;) {
    at += matchAt(/(?:[ \t\r\n]|\\\n)*/y, line, at)?.[0].length ?? 0;
    if (line[at] === '#') {
      at = line.indexOf('\n', at);
    }
    if (at < 0 || at >= line.length) {
      return { words, open: undefined };
    }
    if (line[at] === '\n') {
      continue;
    }
    const start = at;
    let text = '';
    for (let piece = pieceAt(line, at); piece; piece = pieceAt(line, at)) {
      text += piece.text;
      at = piece.end;
    }
    const open = openers.find((opener) => line.startsWith(opener, at));
    words.push({ text: open ? text + openText(line, at, open) : text, start });
    if (open) {
      return { words, open };
    }
  }
}
