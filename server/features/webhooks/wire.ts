import * as z from 'zod';
import type { DeliveryRow, WebhookRow } from '../../../db/tables/events.js';
import { timeText } from '../../clock.js';
import { publicId } from '../../ids.js';
import { eventTypes } from '../../ledger/record-event.js';
import { momentSchema } from '../../money/fields.js';

/** The types of events that a webhook may ask for; the star stands for all, those that are yet to be thought of included. */
const webhookTypes = [...eventTypes, '*'] as const;
export type WebhookType = (typeof webhookTypes)[number];

const longestUrl = 2_048;

function isPlainUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && url.href.length <= longestUrl;
}

function hasCredentials(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && url.username + url.password !== '';
}

const webhookUrlSchema = z
  .string()
  .max(longestUrl, { error: `may be at most ${longestUrl} characters long`, abort: true })
  .refine(isPlainUrl, { error: 'is not an https URL', abort: true })
  .refine((text) => !hasCredentials(text), { error: 'must not carry a username or password', abort: true })
  .regex(/^[^#]*$/, { error: 'must not have a fragment' })
  .meta({
    format: 'uri',
    description: 'Where events are POSTed to: https, on the public internet.',
    examples: ['https://shop.example.org/hooks/pay'],
  });

export const createWebhookSchema = z
  .strictObject({
    url: webhookUrlSchema,
    types: z
      .array(z.enum(webhookTypes))
      .min(1, { error: 'must name at least one type' })
      .refine((named) => new Set(named).size === named.length, { error: 'names a type twice' })
      .refine((named) => !named.includes('*') || named.length === 1, {
        error: 'names all types with "*" and some of them besides',
      })
      .meta({
        uniqueItems: true,
        description: 'The types of events to be told of, or `["*"]` for all, future ones included.',
        examples: [['payment.received', 'request.paid']],
      }),
  })
  .meta({ id: 'CreateWebhook' });

export const webhookSchema = z
  .strictObject({
    id: z.string(),
    url: z.string(),
    types: z.array(z.enum(webhookTypes)),
    status: z.enum(['active', 'disabled']).meta({
      description: '`disabled` once a delivery has failed for three days. It stays so: make a new one.',
    }),
    createdAt: momentSchema,
  })
  .meta({ id: 'Webhook', description: 'An endpoint that is told of its owner’s events.' });

export const newWebhookSchema = webhookSchema
  .extend({
    secret: z.string().meta({ description: 'What deliveries are signed with. Shown this once.' }),
  })
  .meta({ id: 'NewWebhook' });

export const deliverySchema = z
  .strictObject({
    id: z.string(),
    eventId: z.string(),
    type: z.enum(eventTypes),
    status: z.enum(['pending', 'delivered', 'failed']),
    attempts: z.int().min(0).meta({ description: 'Since it was made, or last asked for again.' }),
    nextAttemptAt: momentSchema.nullable().meta({ description: 'Null unless pending.' }),
    lastAttemptAt: momentSchema.nullable(),
    lastStatus: z.int().nullable().meta({ description: 'The HTTP status that the endpoint answered.' }),
    lastError: z.string().nullable().meta({ description: 'Why the last attempt was no success.' }),
    createdAt: momentSchema,
  })
  .meta({ id: 'Delivery', description: 'One event on its way to one webhook.' });

export type WebhookJson = z.output<typeof webhookSchema>;
export type DeliveryJson = z.output<typeof deliverySchema>;

export const typesOf = (webhook: WebhookRow) => webhook.types.split(' ') as WebhookType[];

/** A webhook as its owner sees it. One that is deleted is seen by nobody. */
export function webhookJson(webhook: WebhookRow): WebhookJson {
  return {
    id: publicId('whk', webhook.id),
    url: webhook.url,
    types: typesOf(webhook),
    status: webhook.status === 'active' ? 'active' : 'disabled',
    createdAt: timeText(webhook.created_at),
  };
}

const timeOrNull = (micros: number | null) => (micros === null ? null : timeText(micros));

/** A delivery with the type of its event. What was still to be done when the webhook was disabled has failed. */
export function deliveryJson(
  delivery: DeliveryRow,
  type: string,
  webhookStatus: WebhookRow['status'],
): DeliveryJson {
  const isAbandoned = delivery.status === 'pending' && webhookStatus !== 'active';
  return {
    id: publicId('dlv', delivery.id),
    eventId: publicId('evt', delivery.event_id),
    type: type as DeliveryJson['type'],
    status: isAbandoned ? 'failed' : delivery.status,
    attempts: delivery.attempts,
    nextAttemptAt: isAbandoned ? null : timeOrNull(delivery.next_attempt_at),
    lastAttemptAt: timeOrNull(delivery.last_attempt_at),
    lastStatus: delivery.last_status,
    lastError: isAbandoned ? 'the webhook was disabled' : delivery.last_error,
    createdAt: timeText(delivery.created_at),
  };
}
