/** The most problems that are told in words; a broken database may have millions. */
export const mostProblems = 100;

/** The problems that a check has found so far: the first problems in words, and how many there are in all. */
export class Problems {
  readonly #sentences: string[] = [];
  #count = 0;

  get sentences(): readonly string[] {
    return this.#sentences;
  }

  get count(): number {
    return this.#count;
  }

  add(sentence: string): void {
    this.#count += 1;
    if (this.#sentences.length < mostProblems) {
      this.#sentences.push(sentence);
    }
  }

  addAll(sentences: readonly string[], of = ''): void {
    for (const sentence of sentences) {
      this.add(of === '' ? sentence : `${of} ${sentence}`);
    }
  }
}

/** The sentences whose condition holds. */
export function faultsOf(faults: readonly (string | false)[]): readonly string[] {
  return faults.filter((fault) => fault !== false);
}

/** An amount for exact sums. What is none counts as nothing: that a column holds something else is told by SQLite's own check. */
export const exact = (minor: number): bigint => (Number.isSafeInteger(minor) ? BigInt(minor) : 0n);
