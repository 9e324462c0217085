const lookAlikes: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  l: 'i',
  '3': 'e',
  '4': 'a',
  '@': 'a',
  '5': 's',
  $: 's',
  '7': 't',
  '8': 'b',
};

/** Letters and digits only, without case or accents, and with look-alikes made one. */
function fold(text: string): string {
  const plain = text.normalize('NFKD').toLowerCase();
  return plain
    .replaceAll(/[^\p{L}\p{N}@$]/gu, '')
    .replaceAll(/[0134578l@$]/g, (char) => lookAlikes[char] ?? char);
}

function reversed(text: string): string {
  return [...text].reverse().join('');
}

/** The distance of two texts: how many single-character edits lead from one text to the other (Levenshtein). */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}

const shortestPart = 3;

/** How many characters of the password are left when every part of the name, forwards and backwards, is taken out. */
function lengthBesides(password: string, name: string): number {
  const parts = [name, ...name.split(/[^\p{L}\p{N}@$]+/u)]
    .map(fold)
    .filter((part) => part.length >= shortestPart);
  const longestFirst = parts.flatMap((part) => [part, reversed(part)]).sort((a, b) => b.length - a.length);
  // A gap is left in the place of each, so that what stood on its two sides makes no new part.
  const rest = longestFirst.reduce((text, part) => text.replaceAll(part, '\0'), password);
  return rest.replaceAll('\0', '').length;
}

/**
 * Whether a password is little more than a name that others know: its parts in any order make up at least half of it, or a few
 * typing errors lead from one to the other. Case, accents, punctuation and look-alikes (4 for a) do not count.
 */
export function isCloseTo(password: string, name: string): boolean {
  const [folded, foldedName] = [fold(password), fold(name)];
  const isMostlyName = folded !== '' && lengthBesides(folded, name) * 2 <= folded.length;
  const allowedEdits = Math.floor(foldedName.length / 4);
  return isMostlyName || (allowedEdits > 0 && editDistance(folded, foldedName) <= allowedEdits);
}
