import type { Book } from '../ledger/book.js';
import type { Moment } from '../ledger/rule.js';

export const eventTypes = [
  'payment.received',
  'payment.debited',
  'refund.received',
  'request.received',
  'request.paid',
  'request.declined',
  'request.cancelled',
  'request.expired',
  'request.reminded',
  'session.opened',
  'account.frozen',
  'account.unfrozen',
  'webhook.disabled',
] as const;

export type EventType = (typeof eventTypes)[number];

/** Tells a user what happened, in the same transaction as it happens. `data` is what the user may know of it, as JSON. */
export function recordEvent(book: Book, moment: Moment, userId: string, type: EventType, data: object): void {
  book.insert('events', {
    id: moment.newId('evt'),
    user_id: userId,
    type,
    at: moment.now,
    data: JSON.stringify(data),
  });
}
