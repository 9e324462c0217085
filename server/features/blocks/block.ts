import { Refusal } from '../../errors.js';
import type { Book } from '../../ledger/book/book.js';
import { type Lookup, lookup } from '../../ledger/book/lookup.js';

const keyOf = (blockerId: number, blockedId: number) => ({ blocker_id: blockerId, blocked_id: blockedId });

/** The lookups that tell whether two users deal with each other. */
export const blockReads = (oneId: number, otherId: number): readonly Lookup[] => [
  lookup('blocks', keyOf(oneId, otherId)),
  lookup('blocks', keyOf(otherId, oneId)),
];

const blocks = (book: Book, blockerId: number, blockedId: number) =>
  book.find('blocks', keyOf(blockerId, blockedId))?.ended_at === null;

/** Whether one of the two blocks the other: a block holds both ways. */
export const isBlocked = (book: Book, oneId: number, otherId: number): boolean =>
  blocks(book, oneId, otherId) || blocks(book, otherId, oneId);

/**
 * Throws RECIPIENT_UNAVAILABLE when the one who acts and the other do not deal with each other. Only whoever blocks is
 * told why.
 */
export function refuseBlocked(book: Book, actingId: number, otherId: number, field: string): void {
  if (!isBlocked(book, actingId, otherId)) {
    return;
  }
  const errors = [{ field, message: 'cannot be dealt with now' }];
  if (blocks(book, actingId, otherId)) {
    throw new Refusal(
      'RECIPIENT_UNAVAILABLE',
      'You block this user, so that neither of you deals with the other. Nothing was done; unblock them first.',
      { errors, see: 'listBlocks' },
    );
  }
  throw new Refusal('RECIPIENT_UNAVAILABLE', 'This user cannot be dealt with now. Nothing was done.', {
    errors,
  });
}
