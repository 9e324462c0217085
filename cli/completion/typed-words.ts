const opening = /^(?:--?[\w-]+=)?(["'])/;

/** The quote that a word begins with and does not end with. */
function openQuote(word: string): string | undefined {
  const quote = opening.exec(word)?.[1];
  const isClosed =
    quote !== undefined && word.indexOf(quote) !== word.lastIndexOf(quote) && word.endsWith(quote);
  return isClosed ? undefined : quote;
}

const endsInBackslash = (word: string) => /(?:^|[^\\])(?:\\\\)*\\$/.test(word);

function unquoted(word: string): string {
  const quote = opening.exec(word)?.[1];
  if (quote === undefined) {
    return word.replace(/\\(.)/gs, '$1');
  }
  const at = word.indexOf(quote);
  const inner = word.slice(at + 1).replace(new RegExp(`${quote}$`), '');
  return word.slice(0, at) + (quote === '"' ? inner.replace(/\\(["\\$`])/g, '$1') : inner);
}

/**
 * The words as they are meant. Bash and zsh give them as they were typed, quotes and backslashes included, and zsh cuts them at
 * blanks within quotes; fish gives them as they are meant.
 */
export function typedWords(given: readonly string[]): string[] {
  const whole: string[] = [];
  let isOpen = false;
  for (const piece of given) {
    const word: string = isOpen ? `${whole.pop()} ${piece}` : piece;
    whole.push(word);
    isOpen = openQuote(word) !== undefined || endsInBackslash(word);
  }
  return whole.map(unquoted);
}
