import type { Database } from '../../../db/connect.js';
import { Refusal } from '../../errors.js';
import { beforeAllEvents, eventNumber, idBeforeAllEvents } from './event-id.js';
import { findOutermostId, hasEvent } from './event-store.js';

const field = 'Last-Event-ID';

const unknownPosition = () =>
  new Refusal(
    'INVALID_CURSOR',
    `The ${field} is not the id of an event of yours. Connect without it, and look back in your notifications.`,
    { see: 'listNotifications', errors: [{ field, message: 'is not the id of an event of yours' }] },
  );

/** The id that a reader begins after. Older than all of theirs, it need not be one of theirs. Throws INVALID_CURSOR. */
export async function findStart(
  readers: Database,
  userId: number,
  lastEventId: string | undefined,
): Promise<number> {
  if (lastEventId === undefined || lastEventId === '') {
    return (await findOutermostId(readers, userId, 'newest')) ?? beforeAllEvents;
  }
  if (lastEventId === idBeforeAllEvents) {
    return beforeAllEvents;
  }
  const last = eventNumber(lastEventId);
  if (last === undefined) {
    throw unknownPosition();
  }
  if (await hasEvent(readers, userId, last)) {
    return last;
  }
  const oldest = await findOutermostId(readers, userId, 'oldest');
  if (oldest !== undefined && oldest < last) {
    throw unknownPosition();
  }
  return beforeAllEvents;
}
