import { Refusal } from '../../errors.js';
import { lookup } from '../../ledger/book/lookup.js';
import { defineRule, done } from '../../ledger/rule.js';
import { eventReads, eventType } from './known-event.js';

export interface ReadNotifications {
  readonly userId: number;
  /** The number of an event: it and all before it become read. */
  readonly upTo: number;
}

export const unknownNotification = () =>
  new Refusal('NOT_FOUND', 'You have no notification with this id.', { see: 'listNotifications' });

/** Moves the mark of what a user has read, only ever forward. */
export const readNotifications = defineRule<ReadNotifications>('read-notifications', {
  needsTime: false,

  reads: (book, { userId, upTo }) => [
    ...eventReads(book, userId, upTo),
    lookup('inboxes', { user_id: userId }),
  ],

  decide(book, { userId, upTo }) {
    if (eventType(book, userId, upTo) === undefined) {
      throw unknownNotification();
    }
    const inbox = book.find('inboxes', { user_id: userId });
    if (!inbox) {
      book.insert('inboxes', { user_id: userId, read_up_to: upTo });
    } else if (inbox.read_up_to < upTo) {
      book.update('inboxes', inbox, { read_up_to: upTo });
    }
    return done;
  },
});
