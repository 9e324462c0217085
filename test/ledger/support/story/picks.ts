import type { Model } from '../model/model.js';
import type { ModelCredential } from '../model/model-credentials.js';
import type { ModelUser } from '../model/model-users.js';

/** The name that a user of that number has, once they are registered. */
export const nameOf = (number: number) => `user${number}`;

/** One of the items, whatever the number; undefined where there are none. */
export function pick<Item>(items: readonly Item[], which: number): Item | undefined {
  return items[which % Math.max(items.length, 1)];
}

/** Somebody who exists. */
export const pickUser = (model: Model, which: number): ModelUser | undefined =>
  pick(
    [...model.users.values()].filter((user) => user.id !== undefined),
    which,
  );

/** A session or token that was given to somebody. */
export const pickCredential = (
  model: Model,
  kind: ModelCredential['kind'],
  which: number,
): ModelCredential | undefined =>
  pick(
    [...model.credentials.all.values()].filter((it) => it.kind === kind && it.id !== undefined),
    which,
  );
