import type { Act } from '../api/operation.js';
import type { ActDescription } from '../settling/pending.js';

export type CollectionBody = Act<'POST /v1/collections'>;

/** A collection as the journal keeps it: two of the same name look the same. */
export function collectionAct({ name }: Pick<CollectionBody, 'name'>): ActDescription {
  return { kind: 'collection', outcome: `everybody was asked for “${name}”`, marks: [name] };
}
