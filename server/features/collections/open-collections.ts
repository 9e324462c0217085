import type { CollectionRow } from '../../../db/tables/requests.js';
import { Refusal } from '../../errors.js';
import type { Book } from '../../ledger/book/book.js';
import { type Lookup, lookup } from '../../ledger/book/lookup.js';
import type { Moment } from '../../ledger/rule.js';
import { foldText } from '../../money/fold-text.js';
import { mostOpen } from './wire.js';

const openLookup = (ownerId: number) =>
  lookup('collections', { owner_id: ownerId, closed_at: null }, mostOpen);

export const openReads = (ownerId: number): readonly Lookup[] => [openLookup(ownerId)];

const isOver = ({ expires_at }: CollectionRow, { now }: Moment) => expires_at <= now;

/** The collections of an owner that take other people; what is in the book counts, so that a rule may ask before all was read. */
function openOnes(book: Book, ownerId: number): readonly CollectionRow[] {
  const open = openLookup(ownerId);
  return book.knowsRows(open) ? book.all('collections', open) : [];
}

/** The owner's open collection of this name, in either letter case; undefined where there is none. */
export const findOpen = (
  book: Book,
  ownerId: number,
  name: string,
  moment: Moment,
): CollectionRow | undefined =>
  openOnes(book, ownerId).find((one) => one.name_folded === foldText(name) && !isOver(one, moment));

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
