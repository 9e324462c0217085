/** The most texts that are kept, of some kilobytes each. */
export const mostTexts = 1_000;

/**
 * Texts of statements by their names, each made once as long as it is kept. Questions are few, but what is asked together by who
 * happen to come together has more texts than there is room for: those that were asked for longest ago go first.
 */
export class KeptTexts {
  readonly #texts = new Map<string, string>();

  get size(): number {
    return this.#texts.size;
  }

  /** The text of this name, which `make` makes where it is not kept. */
  get(name: string, make: () => string): string {
    const text = this.#texts.get(name) ?? make();
    this.#texts.delete(name);
    this.#texts.set(name, text);
    if (this.#texts.size > mostTexts) {
      const [oldest] = this.#texts.keys();
      this.#texts.delete(oldest as string);
    }
    return text;
  }
}
