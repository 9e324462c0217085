import type { Knex } from 'knex';
import type { Database } from '../../../db/connect.js';
import { countRows } from '../../../db/count-rows.js';
import { numbersPerPayment, receiptType } from '../../../db/event-numbers.js';
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

/** The part of a user's events that is asked for, in the order of their numbers; both ends exclusive. */
interface Span {
  readonly above?: number | undefined;
  readonly below?: number | undefined;
  readonly order: 'asc' | 'desc';
  readonly limit: number;
}

/** Leaves of a query the rows whose number in this column is in the span. */
function within(query: Knex.QueryBuilder, column: string, { above, below, order, limit }: Span) {
  if (above !== undefined) {
    query.where(column, '>', above);
  }
  if (below !== undefined) {
    query.where(column, '<', below);
  }
  return query.orderBy(column, order).limit(limit);
}

/** The events of a user that have rows of their own. */
function rowsOfEvents(readers: Database, userId: number, span: Span): Knex.QueryBuilder {
  const query = readers('events as v').where({ 'v.user_id': userId });
  return within(query, 'v.id', span).select('v.user_id', 'v.id', 'v.type', 'v.at', 'v.payment_id', 'v.data');
}

/** The events of a user that are receipts: entries of their account, which stand in the order of payments. */
function receipts(readers: Database, userId: number, span: Span): Knex.QueryBuilder {
  const { above, below } = span;
  const query = readers('accounts as a')
    .crossJoin(readers.raw('entries as e'))
    .crossJoin(readers.raw('payments as p'))
    .where({ 'a.user_id': userId, 'e.kind': 'receipt' })
    .whereRaw('e.account_id = a.id and p.id = e.payment_id');
  const ofPayments = {
    ...span,
    above: above === undefined ? undefined : Math.floor(above / numbersPerPayment),
    below: below === undefined ? undefined : Math.ceil(below / numbersPerPayment),
  };
  return within(query, 'e.payment_id', ofPayments).select(
    'a.user_id',
    readers.raw(`e.payment_id * ${numbersPerPayment} as id`),
    readers.raw(`'${receiptType}' as type`),
    'p.created_at as at',
    'e.payment_id',
    readers.raw('cast(null as text) as data'),
  );
}

/** A user's events, whichever way they are kept. */
function eventsQuery(readers: Database, userId: number, span: Span): Knex.QueryBuilder {
  const part = (query: Knex.QueryBuilder) => readers.select('*').from(query.as('part'));
  const rows = part(rowsOfEvents(readers, userId, span));
  const both = rows.unionAll(part(receipts(readers, userId, span)));
  return readers.from(both.as('e')).orderBy('e.id', span.order).limit(span.limit).select('e.*');
}

function inboxQuery(
  readers: Database,
  userId: number,
  part: InboxPart | undefined,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Knex.QueryBuilder {
  // No event has the number zero, so without a mark everything is unread.
  const readUpTo = part?.readUpTo ?? 0;
  const ends = [
    ...(after === undefined ? [] : [Number(after)]),
    ...(part?.isUnread === false ? [readUpTo + 1] : []),
  ];
  return eventsQuery(readers, userId, {
    above: part?.isUnread === true ? readUpTo : undefined,
    below: ends.length > 0 ? Math.min(...ends) : undefined,
    order: 'desc',
    limit,
  });
}

/** A user's events, newest first, from after the event `after`; `part` narrows to those read or those not. */
export async function listEvents(...asked: Parameters<typeof inboxQuery>): Promise<readonly ToldEvent[]> {
  const [readers, userId] = asked;
  return told(readers, userId, await inboxQuery(...asked));
}

export const countEvents = (...asked: Parameters<typeof inboxQuery>): Promise<number> =>
  countRows(asked[0], inboxQuery(...asked));

/** A user's events after this one, oldest first. */
export async function listEventsSince(
  readers: Database,
  userId: number,
  id: number,
  limit: number,
): Promise<readonly ToldEvent[]> {
  const events = await eventsQuery(readers, userId, { above: id, order: 'asc', limit });
  return told(readers, userId, events);
}

const only = (id: number) => ({ above: id - 1, below: id + 1, order: 'asc', limit: 1 }) as const;

/** One event of a user; undefined where there is none. */
export async function findEvent(
  readers: Database,
  userId: number,
  id: number,
): Promise<ToldEvent | undefined> {
  return (await told(readers, userId, await eventsQuery(readers, userId, only(id))))[0];
}

/** The number of a user's first or last event; undefined where there is none. */
export async function findOutermostId(
  readers: Database,
  userId: number,
  end: 'oldest' | 'newest',
): Promise<number | undefined> {
  const order = end === 'oldest' ? 'asc' : 'desc';
  const [event]: EventRow[] = await eventsQuery(readers, userId, { order, limit: 1 });
  return event?.id;
}

export async function hasEvent(readers: Database, userId: number, id: number): Promise<boolean> {
  const events: EventRow[] = await eventsQuery(readers, userId, only(id));
  return events.length > 0;
}
