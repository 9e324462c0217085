import { fetchList } from '../api/fetch-list.js';
import type { Context } from '../context.js';
import { chooseId } from '../lists/choose-id.js';
import { localTime } from '../terminal/time.js';

/** The id of a webhook that was given, whole, or that the person chooses. @throws Failure */
export async function chooseWebhook(context: Context, given: string | undefined): Promise<string> {
  return await chooseId(context, given, {
    prefix: 'whk',
    message: 'Which webhook?',
    items: async (most) => (await fetchList(context, 'GET /v1/webhooks', {}, most)).items,
    textOf: ({ url, status }) => `${url} · ${status}`,
    none: 'There are no webhooks.',
    next: ['Add one: pay webhooks add <url>'],
  });
}

/** The id of a delivery of a webhook that was given, whole, or that the person chooses. @throws Failure */
export async function chooseDelivery(
  context: Context,
  webhook: string,
  given: string | undefined,
): Promise<string> {
  const part = { params: { id: webhook } };
  return await chooseId(context, given, {
    prefix: 'dlv',
    message: 'Which delivery?',
    items: async (most) => (await fetchList(context, 'GET /v1/webhooks/{id}/deliveries', part, most)).items,
    textOf: ({ type, status, createdAt }) => `${type} · ${status} · ${localTime(createdAt)}`,
    none: 'Nothing was to be delivered yet.',
    next: ['See: pay webhooks'],
  });
}
