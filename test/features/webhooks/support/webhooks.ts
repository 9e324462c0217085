import { setTimeout } from 'node:timers/promises';
import type { Client, Reply } from '../../../api/support/client.js';
import type { Person } from '../../../api/support/people.js';
import type { Receiver } from './receiver.js';

/** Between two looks at what nothing announces. */
const pauseMs = 20;

export type Delivery = Reply['json'];

export const hook = ({ port }: Receiver, path = '/hook') => `http://127.0.0.1:${port}${path}`;

/** Registers a webhook, for money received unless it is said otherwise. */
export function makeWebhook(
  { ask }: Client,
  { token }: Person,
  url: string,
  types: readonly string[] = ['payment.received'],
): Promise<Reply> {
  return ask('/v1/webhooks', { token, send: { url, types } });
}

/** A webhook's deliveries, newest first, once this is true of them. */
export async function deliveriesWhen(
  { ask }: Client,
  { token }: Person,
  webhookId: string,
  isSo: (deliveries: readonly Delivery[]) => boolean,
): Promise<readonly Delivery[]> {
  for (;;) {
    const { json } = await ask(`/v1/webhooks/${webhookId}/deliveries`, { token });
    if (isSo(json.data)) {
      return json.data;
    }
    await setTimeout(pauseMs);
  }
}

export const areSettled = (deliveries: readonly Delivery[]) =>
  deliveries.length > 0 && deliveries.every(({ status }) => status !== 'pending');
