import type { CollectionRow } from '../../../db/tables/requests.js';
import { Refusal } from '../../errors.js';
import type { Book, KnownBook } from '../../ledger/book/book.js';
import { type Lookup, lookup } from '../../ledger/book/lookup.js';
import type { Moment } from '../../ledger/rule.js';
import { foldText } from '../../money/fold-text.js';
import { mostOpen } from './wire.js';

const openLookup = (ownerId: number) =>
  lookup('collections', { owner_id: ownerId, closed_at: null }, mostOpen);

export const openReads = (ownerId: number): readonly Lookup[] => [openLookup(ownerId)];

const isOver = ({ expires_at }: CollectionRow, { now }: Moment) => expires_at <= now;

/** The collections of an owner that take other people. */
export const openOnes = (book: Book, ownerId: number): readonly CollectionRow[] =>
  book.all('collections', openLookup(ownerId));

/** The same as far as they are known. */
export const knownOpenOnes = (book: KnownBook, ownerId: number): readonly CollectionRow[] =>
  book.peekAll('collections', openLookup(ownerId));

/** The one of open collections that has this name, in either letter case, and time left; undefined where there is none. */
export const findOpen = (
  ones: readonly CollectionRow[],
  name: string,
  moment: Moment,
): CollectionRow | undefined =>
  ones.find((one) => one.name_folded === foldText(name) && !isOver(one, moment));

/** Closes those of the owner whose time is up, and makes room for one more. Throws LIMIT_EXCEEDED. */
export function makeRoom(book: Book, ownerId: number, moment: Moment): void {
  const open = openOnes(book, ownerId);
  const over = open.filter((one) => isOver(one, moment));
  if (open.length - over.length >= mostOpen) {
    throw new Refusal(
      'LIMIT_EXCEEDED',
      `You have ${mostOpen} open collections, as many as there may be. Close one first.`,
      { figures: { limit: mostOpen, remaining: 0 }, see: 'listCollections' },
    );
  }
  for (const one of over) {
    book.update('collections', one, { closed_at: one.expires_at });
  }
}
