/** More owners than these are not told apart. */
const mostOwners = 1_000;

/** Whose webhooks may have events that they have not looked at yet: these owners', or anyone's. */
export class ToldOwners {
  #isAnyone = true;
  readonly #ids = new Set<number>();

  get isNobody(): boolean {
    return !this.#isAnyone && this.#ids.size === 0;
  }

  addAnyone(): void {
    this.#isAnyone = true;
    this.#ids.clear();
  }

  /** Adds these; undefined for anyone. */
  add(ids: readonly number[] | undefined): void {
    if (ids === undefined) {
      this.addAnyone();
    }
    if (this.#isAnyone) {
      return;
    }
    for (const id of ids ?? []) {
      this.#ids.add(id);
    }
    if (this.#ids.size > mostOwners) {
      this.addAnyone();
    }
  }

  /** Takes them out; undefined for anyone. */
  take(): readonly number[] | undefined {
    const ids = this.#isAnyone ? undefined : [...this.#ids];
    this.#isAnyone = false;
    this.#ids.clear();
    return ids;
  }
}
