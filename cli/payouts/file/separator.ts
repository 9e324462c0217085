/** The separators that may stand between the columns of a table that a spreadsheet wrote; which of them depends on its locale. */
export type Separator = ',' | ';' | '\t';

export const separatorNames: Readonly<Record<Separator, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
};

/** The most characters that are read to find the first line: more than the names of all columns take. */
const mostPeeked = 65_536;

const firstLine = /^[\ufeff\s]*(\S[^\n]*)\n/;

const countOf = (separator: Separator, line: string) => line.split(separator).length - 1;

/** The separator of a table, which the names of its columns cannot hold. */
export function separatorOf(header: string): Separator {
  const [most = ','] = ([',', ';', '\t'] as const).toSorted(
    (a, b) => countOf(b, header) - countOf(a, header),
  );
  return most;
}

/** Reads text until its first line is there, and gives the separator with the whole text, what was read included. */
export async function findSeparator(
  pieces: AsyncGenerator<string>,
): Promise<{ readonly separator: Separator; readonly text: AsyncGenerator<string> }> {
  let begun = '';
  while (begun.length < mostPeeked && !firstLine.test(begun)) {
    const { done, value } = await pieces.next();
    if (done) {
      break;
    }
    begun += value;
  }
  async function* whole() {
    yield begun;
    yield* pieces;
  }
  return { separator: separatorOf(firstLine.exec(begun)?.[1] ?? begun), text: whole() };
}
