import type { Database } from '../../../db/connect.js';
import { csvOf } from '../../http/answer/csv.js';
import { ledgerAnswer } from '../../http/answer/ledger-answer.js';
import { type List, listAnswer } from '../../http/answer/list-answer.js';
import { listAnswers } from '../../http/contract/page.js';
import { defineRoute } from '../../http/contract/route.js';
import { decide } from '../../ledger/decide.js';
import type { LedgerDoor } from '../../ledger/door.js';
import type { Lists } from '../lists/lists.js';
import { withCurrentRequests } from './current-requests.js';
import { eventNumber } from './event-id.js';
import { countEvents, findReadMark, listEvents, type ToldEvent } from './event-store.js';
import { openEventStream, type StreamParts } from './event-stream.js';
import { type ReadNotifications, readNotifications, unknownNotification } from './read-notifications.js';
import {
  notificationJson,
  notificationQuerySchema,
  notificationSchema,
  readNotificationsSchema,
} from './wire.js';

export interface EventParts extends StreamParts {
  readonly readers: Database;
  readonly ledger: LedgerDoor;
  readonly lists: Lists;
}

export function eventRoutes(parts: EventParts) {
  return [listRoute(parts), readRoute(parts), streamRoute(parts)];
}

const tag = 'Notifications';

interface Notification {
  readonly event: ToldEvent;
  /** The number of the newest event that was read. */
  readonly readUpTo: number | undefined;
}

const notificationCsv = csvOf(['id', 'type', 'at', 'read', 'data'], ({ event, readUpTo }: Notification) => ({
  ...notificationJson(event, readUpTo),
  data: event.data,
}));

function notificationList(
  { lists, lists: { readers }, machineMicros }: EventParts,
  userId: number,
): List<Notification> {
  return {
    name: 'notifications',
    lists,
    async open({ unread }) {
      const readUpTo = await findReadMark(readers, userId);
      const part = unread === undefined ? undefined : { isUnread: unread === 'true', readUpTo };
      return {
        async readPage(page) {
          const listed = await listEvents(readers, userId, part, page);
          const events = await withCurrentRequests(readers, userId, listed, machineMicros());
          return events.map((event) => ({ event, readUpTo }));
        },
        count: (page) => countEvents(readers, userId, part, page),
      };
    },
    idOf: ({ event }) => String(event.id),
    jsonOf: ({ event, readUpTo }) => notificationJson(event, readUpTo),
    csv: notificationCsv,
  };
}

function listRoute(parts: EventParts) {
  return defineRoute({
    method: 'GET',
    path: '/v1/notifications',
    operationId: 'listNotifications',
    tag,
    summary: 'What you were told',
    description:
      'Newest first. One that asks for an answer has the request as it stands now, so that what is closed is not offered any more.',
    access: { who: 'user', scope: 'read' },
    query: notificationQuerySchema,
    answers: listAnswers('NotificationPage', notificationSchema, 'notifications'),
    handle: (call) => listAnswer(notificationList(parts, call.viewer.userId), call),
  });
}

function readRoute({ ledger }: EventParts) {
  return defineRoute({
    method: 'POST',
    path: '/v1/notifications/read',
    operationId: 'readNotifications',
    tag,
    summary: 'Mark notifications as read',
    description: 'The one named and all before it. What was read stays read.',
    access: { who: 'user', scope: 'read' },
    body: readNotificationsSchema,
    answers: { 204: { description: 'Marked.' } },
    refusals: ['NOT_FOUND'],
    async handle(call) {
      const upTo = eventNumber(call.body.upTo);
      if (upTo === undefined) {
        throw unknownNotification();
      }
      const input: ReadNotifications = { userId: call.viewer.userId, upTo };
      return ledgerAnswer(await decide(ledger, call, readNotifications, input));
    },
  });
}

const eventStream = 'text/event-stream';

function streamRoute(parts: EventParts) {
  return defineRoute({
    method: 'GET',
    path: '/v1/events',
    operationId: 'streamEvents',
    tag,
    summary: 'Your notifications as they come',
    description:
      'Server-sent events: `id` and `event` are the id and the type of a notification, `data` is one line of JSON with `id`, `type`, `at` and `data`. The stream begins now, or after `Last-Event-ID`, and the first thing it sends is the id that it begins after. It ends when the token does.',
    access: { who: 'user', scope: 'read' },
    takesLastEventId: true,
    answers: { 200: { description: 'The stream.', mediaTypes: [eventStream] } },
    refusals: ['INVALID_CURSOR', 'OVERLOADED'],
    async handle({ viewer, address, lastEventId, signal }) {
      const content = await openEventStream(parts, { viewer, address, lastEventId, signal });
      // Some proxies hold back what they think is not worth a packet of its own.
      return { status: 200, content, mediaType: eventStream, headers: { 'X-Accel-Buffering': 'no' } };
    },
  });
}
