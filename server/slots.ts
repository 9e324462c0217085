import assert from 'node:assert/strict';

/**
 * Slots for items that come and go in great number, each found by the number of its slot, which is used again. A Map or Set
 * is made anew by V8 every so often, and the dead table points to its successor: once one of them is old, all that were in
 * any of the later ones lives until the next great collection. Here what has gone is garbage at once.
 */
export class Slots<Item extends object> {
  readonly #items: (Item | undefined)[] = [];
  readonly #free: number[] = [];

  get size(): number {
    return this.#items.length - this.#free.length;
  }

  /** Puts an item into a slot and gives the number of that. */
  put(item: Item): number {
    const slot = this.#free.pop() ?? this.#items.length;
    this.#items[slot] = item;
    return slot;
  }

  /** The item in the slot. */
  at(slot: number): Item | undefined {
    return this.#items[slot];
  }

  /** Empties the slot. Throws when it is empty. */
  free(slot: number): void {
    assert(this.#items[slot] !== undefined, 'A slot is freed once.');
    this.#items[slot] = undefined;
    this.#free.push(slot);
  }

  clear(): void {
    this.#items.length = 0;
    this.#free.length = 0;
  }

  /** All items that are there. */
  values(): readonly Item[] {
    return this.#items.filter((item) => item !== undefined);
  }
}
