import type { Run } from '../command.js';
import { show } from '../terminal/show.js';
import { shown } from '../terminal/text/shown.js';
import { chooseWebhook } from './choose-webhook.js';

export const remove: Run<object> = async (context, [given]) => {
  const id = await chooseWebhook(context, given);
  const api = await context.api();
  await api.call('DELETE /v1/webhooks/{id}', {
    params: { id },
    ifNotFound: ['Look it up: pay webhooks list'],
  });
  await show(context, {
    json: { id },
    people: () => shown`${context.stdout.pen.green('✓')} The webhook ${id} is told no more.\n`,
    machine: () => [[id]],
  });
};
