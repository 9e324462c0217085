import { Refusal } from '../../errors.js';
import type { Book } from '../../ledger/book.js';
import { type Lookup, lookup } from '../../ledger/lookup.js';

/** What must be loaded to know whether `blocker` deals with `blocked`. */
export const blockReads = (blockerId: number, blockedId: number): readonly Lookup[] => [
  lookup('blocks', { blocker_id: blockerId, blocked_id: blockedId }),
];

/** Throws RECIPIENT_UNAVAILABLE, which does not say why, when `blocker` does not deal with `blocked`. */
export function refuseBlocked(book: Book, blockerId: number, blockedId: number, field: string): void {
  const block = book.find('blocks', { blocker_id: blockerId, blocked_id: blockedId });
  if (block && block.ended_at === null) {
    throw new Refusal('RECIPIENT_UNAVAILABLE', 'This user cannot be dealt with now. Nothing was done.', {
      errors: [{ field, message: 'cannot be dealt with now' }],
    });
  }
}
