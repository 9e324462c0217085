import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';

/** One of them, at random. */
export function pick<Item>(items: readonly Item[]): Item {
  assert(items.length > 0, 'there is nothing to pick from');
  return items[randomInt(items.length)] as Item;
}
