import { csvOf } from '../../http/answer/csv.js';
import type { List } from '../../http/answer/list-answer.js';
import type { CollectionParts } from './collection-parts.js';
import { countCollections, listCollections } from './collection-store.js';
import { type CollectionStatus, type CollectionView, collectionJson } from './wire.js';

const columns = [
  'id',
  'name',
  'status',
  'people',
  'paid',
  'pending',
  'declined',
  'cancelled',
  'expired',
  'asked',
  'collected',
  'currency',
  'createdAt',
  'expiresAt',
  'closedAt',
] as const;

/** The collections of a user. */
export function collectionList(
  { lists, lists: { readers }, machineMicros }: CollectionParts,
  userId: number,
): List<CollectionView> {
  const jsonOf = (view: CollectionView) => collectionJson(view, machineMicros());
  return {
    name: 'collections',
    lists,
    async open(filters) {
      const { status } = filters as { readonly status?: CollectionStatus };
      const wanted = { status, now: machineMicros() };
      return {
        readPage: (part) => listCollections(readers, userId, wanted, part),
        count: (part) => countCollections(readers, userId, wanted, part),
      };
    },
    idOf: ({ collection }) => String(collection.id),
    jsonOf,
    csv: csvOf(columns, (view) => {
      const { counts, asked, collected, ...others } = jsonOf(view);
      return {
        ...others,
        ...counts,
        asked: asked.amount,
        collected: collected.amount,
        currency: asked.currency,
      };
    }),
  };
}
