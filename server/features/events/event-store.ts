import type { Knex } from 'knex';
import type { Database } from '../../../db/connect.js';
import { countRows } from '../../../db/count-rows.js';
import type { EventRow, InboxRow } from '../../../db/tables/events.js';
import { readAccount } from '../accounts/user-store.js';
import { findViews } from '../payments/payment-store.js';
import { paymentJson } from '../payments/wire.js';

/** The part of an inbox that is asked for: beyond the mark of what was read, or up to it. */
export interface InboxPart {
  readonly isUnread: boolean;
  /** The mark; undefined where nothing was read. */
  readonly readUpTo: number | undefined;
}

/** An event with all that it says; `data` is JSON. */
export type ToldEvent = Pick<EventRow, 'user_id' | 'id' | 'type' | 'at'> & { readonly data: string };

/** The events told whole: what one that is a payment says is read from the payment, as it was when it was made. */
async function told(
  readers: Database,
  userId: number,
  events: readonly EventRow[],
): Promise<readonly ToldEvent[]> {
  const paymentIds = events.flatMap(({ payment_id }) => (payment_id === null ? [] : [payment_id]));
  const payments = new Map<number, string>();
  if (paymentIds.length > 0) {
    const account = await readAccount(readers, userId);
    for (const view of await findViews(readers, account.id, paymentIds)) {
      payments.set(view.payment.id, JSON.stringify(paymentJson({ ...view, refunded: 0, correctedBy: [] })));
    }
  }
  return events.map(({ user_id, id, type, at, payment_id, data }) => {
    const text = payment_id === null ? data : payments.get(payment_id);
    if (text === null || text === undefined) {
      throw new Error(`Event ${id} says nothing.`);
    }
    return { user_id, id, type, at, data: text };
  });
}

/** The id of the newest event that the user has read. */
export async function findReadMark(readers: Database, userId: number): Promise<number | undefined> {
  const inbox = await readers<InboxRow>('inboxes').where({ user_id: userId }).first('read_up_to');
  return inbox?.read_up_to;
}

function eventsQuery(
  readers: Database,
  userId: number,
  part: InboxPart | undefined,
  page: { readonly after: string | undefined; readonly limit: number },
): Knex.QueryBuilder {
  const query = readers<EventRow>('events')
    .where({ user_id: userId })
    .orderBy('id', 'desc')
    .limit(page.limit);
  if (page.after !== undefined) {
    query.where('id', '<', Number(page.after));
  }
  if (part) {
    // No event has the number zero, so without a mark everything is unread.
    query.where('id', part.isUnread ? '>' : '<=', part.readUpTo ?? 0);
  }
  return query;
}

/** A user's events, newest first, from after the event `after`; `part` narrows to those read or those not. */
export async function listEvents(...asked: Parameters<typeof eventsQuery>): Promise<readonly ToldEvent[]> {
  const [readers, userId] = asked;
  return told(readers, userId, await eventsQuery(...asked));
}

export const countEvents = (...asked: Parameters<typeof eventsQuery>): Promise<number> =>
  countRows(asked[0], eventsQuery(...asked));

/** A user's events after this one, oldest first. */
export async function listEventsSince(
  readers: Database,
  userId: number,
  id: number,
  limit: number,
): Promise<readonly ToldEvent[]> {
  const events = await readers<EventRow>('events')
    .where({ user_id: userId })
    .where('id', '>', id)
    .orderBy('id')
    .limit(limit);
  return told(readers, userId, events);
}

/** One event of a user; undefined where there is none. */
export async function findEvent(
  readers: Database,
  userId: number,
  id: number,
): Promise<ToldEvent | undefined> {
  const events = await readers<EventRow>('events').where({ user_id: userId, id });
  return (await told(readers, userId, events))[0];
}

/** The number of a user's first or last event; undefined where there is none. */
export async function findOutermostId(
  readers: Database,
  userId: number,
  end: 'oldest' | 'newest',
): Promise<number | undefined> {
  const event = await readers<EventRow>('events')
    .where({ user_id: userId })
    .orderBy('id', end === 'oldest' ? 'asc' : 'desc')
    .first('id');
  return event?.id;
}

export async function hasEvent(readers: Database, userId: number, id: number): Promise<boolean> {
  return (await readers<EventRow>('events').where({ user_id: userId, id }).first('id')) !== undefined;
}
