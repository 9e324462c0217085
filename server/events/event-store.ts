import type { Database } from '../../db/connect.js';
import type { EventRow, InboxRow } from '../../db/rows.js';

/** Which part of an inbox is asked for: beyond the mark of what was read, or up to it. */
export interface InboxPart {
  readonly isUnread: boolean;
  /** Undefined where nothing was read. */
  readonly readUpTo: string | undefined;
}

/** The id of the newest event that the user has read. */
export async function findReadMark(readers: Database, userId: string): Promise<string | undefined> {
  const inbox = await readers<InboxRow>('inboxes').where({ user_id: userId }).first('read_up_to');
  return inbox?.read_up_to;
}

/** A user's events, newest first, from after the event `after`; `part` narrows to those read or those not. */
export async function listEvents(
  readers: Database,
  userId: string,
  part: InboxPart | undefined,
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<readonly EventRow[]> {
  const query = readers<EventRow>('events')
    .where({ user_id: userId })
    .orderBy('id', 'desc')
    .limit(page.limit);
  if (page.after !== undefined) {
    query.where('id', '<', page.after);
  }
  if (part) {
    // No id is empty, so without a mark everything is unread.
    query.where('id', part.isUnread ? '>' : '<=', part.readUpTo ?? '');
  }
  return query;
}

/** A user's events after this one, oldest first. */
export async function listEventsSince(
  readers: Database,
  userId: string,
  id: string,
  limit: number,
): Promise<readonly EventRow[]> {
  return readers<EventRow>('events')
    .where({ user_id: userId })
    .where('id', '>', id)
    .orderBy('id')
    .limit(limit);
}

/** The id of a user's first or last event; undefined where there is none. */
export async function findOutermostId(
  readers: Database,
  userId: string,
  end: 'oldest' | 'newest',
): Promise<string | undefined> {
  const event = await readers<EventRow>('events')
    .where({ user_id: userId })
    .orderBy('id', end === 'oldest' ? 'asc' : 'desc')
    .first('id');
  return event?.id;
}

export async function hasEvent(readers: Database, userId: string, id: string): Promise<boolean> {
  return (await readers<EventRow>('events').where({ user_id: userId, id }).first('id')) !== undefined;
}
