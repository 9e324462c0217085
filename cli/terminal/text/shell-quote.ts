import { hasHidden } from './visible.js';

const plain = /^[A-Za-z0-9_@%+=:,./-]+$/;

function ansiQuoted(text: string): string {
  const escaped = [...text].map((character) => {
    if (character === '\\' || character === "'") {
      return `\\${character}`;
    }
    if (!hasHidden(character)) {
      return character;
    }
    return [...Buffer.from(character, 'utf8')]
      .map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`)
      .join('');
  });
  return `$'${escaped.join('')}'`;
}

/** One word as a POSIX shell reads it back; what a terminal would not show is written in the $'…' form. */
export function shellQuote(word: string): string {
  if (plain.test(word)) {
    return word;
  }
  return hasHidden(word) ? ansiQuoted(word) : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A command line that a shell splits into these words again. */
export function shellCommand(words: readonly string[]): string {
  return words.map(shellQuote).join(' ');
}
