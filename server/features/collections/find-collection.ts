import type { CollectionRow, RequestRow } from '../../../db/tables/requests.js';
import { Refusal } from '../../errors.js';
import type { Book, KnownBook } from '../../ledger/book/book.js';
import { type Lookup, lookup } from '../../ledger/book/lookup.js';
import { blockReads } from '../blocks/block.js';
import type { Sides } from '../requests/find-request.js';
import { mostPeople } from './wire.js';

export interface CollectionAct {
  readonly userId: number;
  readonly collectionId: number;
}

export const collectionNotFound = () =>
  new Refusal('NOT_FOUND', 'You have no collection with this id.', { see: 'listCollections' });

const requestsLookup = (collectionId: number) =>
  lookup('requests', { collection_id: collectionId }, mostPeople);

/** The lookups of the requests of a collection. */
export const requestsReads = (collectionId: number): readonly Lookup[] => [requestsLookup(collectionId)];

export const requestsOf = (book: Book, { id }: CollectionRow): readonly RequestRow[] =>
  book.all('requests', requestsLookup(id));

/** The lookups of an act on a collection: it, its requests and whom they ask, and whether these deal with its owner. */
export function collectionReads(book: KnownBook, { userId, collectionId }: CollectionAct): readonly Lookup[] {
  const requests = requestsLookup(collectionId);
  const known = book.peekAll('requests', requests);
  return [
    lookup('users', { id: userId }),
    lookup('collections', { id: collectionId }),
    requests,
    ...known.flatMap(({ payer_id }) => [lookup('users', { id: payer_id }), ...blockReads(payer_id, userId)]),
  ];
}

/** The user's own collection of this number. Throws NOT_FOUND. */
export function ownCollection(book: Book, { userId, collectionId }: CollectionAct): CollectionRow {
  const collection = book.find('collections', { id: collectionId });
  if (collection?.owner_id !== userId) {
    throw collectionNotFound();
  }
  return collection;
}

/** The pending requests of a collection, oldest first, with the users on both sides. */
export function pendingSides(book: Book, collection: CollectionRow): readonly Sides[] {
  return requestsOf(book, collection)
    .filter(({ status }) => status === 'pending')
    .toSorted((one, other) => one.id - other.id)
    .map((request) => ({
      request,
      requester: book.get('users', { id: request.requester_id }),
      payer: book.get('users', { id: request.payer_id }),
    }));
}
