import { lookup } from '../../ledger/book/lookup.js';
import { defineRule, done } from '../../ledger/rule.js';

export interface NoteLeftBehind {
  readonly userId: number;
  readonly kibibytes: number;
  /** When the window ends in which so much was left behind, in microseconds. */
  readonly until: number;
}

/** Notes how much a user has left behind in the database for good. */
export const noteLeftBehind = defineRule<NoteLeftBehind>('note-left-behind', {
  needsTime: false,

  reads: (_book, { userId }) => [lookup('left_behind', { user_id: userId })],

  decide(book, { userId, kibibytes, until }) {
    const before = book.find('left_behind', { user_id: userId });
    if (before) {
      book.update('left_behind', before, { kibibytes, until });
    } else {
      book.insert('left_behind', { user_id: userId, kibibytes, until });
    }
    return done;
  },
});
