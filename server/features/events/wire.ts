import * as z from 'zod';
import { timeText } from '../../clock.js';
import { pageQuery } from '../../http/contract/page.js';
import { publicId } from '../../ids.js';
import { type EventType, eventTypes } from '../../ledger/record-event.js';
import { momentSchema } from '../../money/fields.js';
import type { ToldEvent } from './event-store.js';

/** An event as the stream carries it. */
const eventSchema = z.strictObject({
  id: z.string().meta({ examples: ['evt_000000004W'] }),
  type: z.enum(eventTypes),
  at: momentSchema,
  data: z.record(z.string(), z.unknown()).meta({
    description:
      'What happened, as the one who is told may see it: the payment, the request, the place of a sign-in.',
  }),
});

export const notificationSchema = eventSchema
  .extend({ read: z.boolean().meta({ description: 'Whether it was marked as read.' }) })
  .meta({ id: 'Notification' });

export const notificationQuerySchema = z.strictObject({
  ...pageQuery,
  unread: z
    .enum(['true', 'false'])
    .optional()
    .meta({ description: 'Only those not yet read, or only those read.' }),
});

export const readNotificationsSchema = z
  .strictObject({
    upTo: z.string().meta({
      description: 'The id of a notification: it and all before it become read.',
      examples: ['evt_000000004W'],
    }),
  })
  .meta({ id: 'ReadNotifications' });

export type EventJson = z.output<typeof eventSchema>;
export type NotificationJson = z.output<typeof notificationSchema>;

export function eventJson(event: ToldEvent): EventJson {
  return {
    id: publicId('evt', event.id),
    // The rule that recorded the event named one of the types.
    type: event.type as EventType,
    at: timeText(event.at),
    data: JSON.parse(event.data),
  };
}

/** `readUpTo` is the id of the newest event that was read; undefined where none was. */
export function notificationJson(event: ToldEvent, readUpTo: number | undefined): NotificationJson {
  return { ...eventJson(event), read: readUpTo !== undefined && event.id <= readUpTo };
}
