import type { Knex } from 'knex';
import type { Database } from '../../../db/connect.js';
import { countRows } from '../../../db/count-rows.js';
import type { CollectionRow } from '../../../db/tables/requests.js';
import { type StatusSum, tallyOf } from './tally.js';
import type { CollectionStatus, CollectionView } from './wire.js';

export interface CollectionFilters {
  readonly status?: CollectionStatus | undefined;
  /** The time in microseconds by which requests have expired. */
  readonly now: number;
}

interface Page {
  readonly after: string | undefined;
  readonly limit: number;
}

type Query = Knex.QueryBuilder<CollectionRow, CollectionRow[]>;

function narrow(query: Query, { status, now }: CollectionFilters): void {
  if (status === 'open') {
    query.whereNull('closed_at').where('expires_at', '>', now);
  } else if (status === 'closed') {
    query.whereNotNull('closed_at').whereRaw('closed_at < expires_at');
  } else if (status === 'expired') {
    query.where('expires_at', '<=', now).whereRaw('coalesce(closed_at, expires_at) >= expires_at');
  }
}

function collectionsQuery(readers: Database, ownerId: number, filters: CollectionFilters, page: Page): Query {
  const query = readers('collections')
    .select('*')
    .where('owner_id', ownerId)
    .orderBy('id', 'desc')
    .limit(page.limit) as Query;
  narrow(query, filters);
  if (page.after !== undefined) {
    query.where('id', '<', Number(page.after));
  }
  return query;
}

type CollectionSum = StatusSum & { readonly collection_id: number };

/** The collections with what their requests add up to. */
async function withTallies(
  readers: Database,
  collections: readonly CollectionRow[],
): Promise<readonly CollectionView[]> {
  const ids = collections.map(({ id }) => id);
  const sums = await readers('requests')
    .sum({ amount: 'amount' })
    .count({ count: '*' })
    .whereIn('collection_id', ids)
    .groupBy('collection_id', 'status')
    .select<CollectionSum[]>('collection_id', 'status');
  return collections.map((collection) => ({
    collection,
    tally: tallyOf(sums.filter(({ collection_id }) => collection_id === collection.id)),
  }));
}

/** A user's collections, newest first, from after the one with the number `after`. */
export const listCollections = async (
  ...asked: Parameters<typeof collectionsQuery>
): Promise<readonly CollectionView[]> => withTallies(asked[0], await collectionsQuery(...asked));

export const countCollections = (...asked: Parameters<typeof collectionsQuery>): Promise<number> =>
  countRows(asked[0], collectionsQuery(...asked));

/** One collection of the user's own; undefined when it is none of theirs. */
export async function findCollection(
  readers: Database,
  ownerId: number,
  collectionId: number,
): Promise<CollectionView | undefined> {
  const found = await readers<CollectionRow>('collections').where({ id: collectionId, owner_id: ownerId });
  const [view] = await withTallies(readers, found);
  return view;
}
