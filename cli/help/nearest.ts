/** The distance of two words: how many letters must be put in, left out, changed or swapped with their neighbour to make one word of the other. */
function distance(one: string, other: string): number {
  const rows = [[...Array(other.length + 1).keys()]];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= one.length; row += 1) {
    rows[row] = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1];
      const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      rows[row]?.push(
        Math.min(
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          at(row - 1, column - 1) + (isSame ? 0 : 1),
          isSwapped ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
  }
  return at(one.length, other.length);
}

// A word of which more is wrong is another word.
const mostWrong = 0.4;

// The beginning of a word is one from two letters on: one letter begins too many.
const shortestBeginning = 2;

/** The shortest word that begins with this one. */
function begunWith(word: string, known: readonly string[]): string | undefined {
  return word.length < shortestBeginning
    ? undefined
    : known
        .filter((name) => name.startsWith(word.toLowerCase()))
        .sort((left, right) => left.length - right.length)[0];
}

/** The word that was likely meant, or undefined where none is like it or begins so. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const near = known
    .map((name) => ({ name, wrong: distance(word.toLowerCase(), name) }))
    .filter(({ name, wrong }) => wrong <= Math.max(word.length, name.length) * mostWrong)
    .sort((left, right) => left.wrong - right.wrong);
  return begunWith(word, known) ?? near[0]?.name;
}

/** The hint for whoever typed a word that is none of these. */
export function didYouMean(word: string, known: readonly string[]): readonly string[] {
  const meant = nearest(word, known);
  return meant === undefined ? [] : [`Did you mean ${meant}?`];
}
