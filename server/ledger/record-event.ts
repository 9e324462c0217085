import type { Book } from './book/book.js';
import type { Moment } from './rule.js';

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
  'token.created',
  'webhook.created',
  'password.changed',
  'password.reset',
  'email.changed',
  'second-factor.on',
  'second-factor.off',
  'second-factor.recovered',
  'account.frozen',
  'account.unfrozen',
  'webhook.disabled',
] as const;

export type EventType = (typeof eventTypes)[number];

/** Tells a user what happened, in the same transaction as it happens. `data` is what the user may know of it, as JSON. */
export function recordEvent(book: Book, moment: Moment, userId: number, type: EventType, data: object): void {
  book.insert('events', {
    user_id: userId,
    id: book.newId('events'),
    type,
    at: moment.now,
    payment_id: null,
    data: JSON.stringify(data),
  });
}

/** Tells one of its two parties of a payment: what there is to say is the payment as they see it. */
export function recordPaymentEvent(
  book: Book,
  moment: Moment,
  userId: number,
  type: EventType,
  paymentId: number,
): void {
  book.insert('events', {
    user_id: userId,
    id: book.newId('events'),
    type,
    at: moment.now,
    payment_id: paymentId,
    data: null,
  });
}
