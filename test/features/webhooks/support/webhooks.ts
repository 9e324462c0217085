import type { Client, Reply } from '../../../api/support/client.js';
import type { Person } from '../../../api/support/people.js';
import { until } from '../../../support/until.js';
import type { Receiver } from './receiver.js';

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
  let seen: readonly Delivery[] = [];
  return until(
    () => `the deliveries that are waited for, but ${JSON.stringify(seen)}`,
    async () => {
      seen = (await ask(`/v1/webhooks/${webhookId}/deliveries`, { token })).json.data;
      return isSo(seen) && seen;
    },
  );
}

export const areSettled = (deliveries: readonly Delivery[]) =>
  deliveries.length > 0 && deliveries.every(({ status }) => status !== 'pending');
