import type { Body } from '../api/operation.js';
import type { Run } from '../command.js';
import { askMissing } from '../terminal/prompts/ask-missing.js';
import { showCard } from '../terminal/show.js';
import { shown } from '../terminal/text/shown.js';

type Types = Body<'POST /v1/webhooks'>['types'];

export const add: Run<{ readonly types: string }> = async (context, [given], options) => {
  const { url } = await askMissing(context, {
    url: { value: given, message: 'Address (https):', flag: '<url>' },
  });
  const api = await context.api();
  const webhook = await api.call('POST /v1/webhooks', {
    // The server judges the words as they were typed.
    body: { url, types: options.types.split(',').map((type) => type.trim()) as Types },
    ifUnknown: ['See whether it was added, and remove it: pay webhooks list'],
  });
  await showCard(context, webhook, [
    { label: 'secret', people: webhook.secret },
    { label: 'id', people: webhook.id },
    { label: 'url', people: webhook.url },
    { label: 'types', people: webhook.types.join(',') },
  ]);
  await context.say(
    shown`Keep the secret now: it is not shown again. It proves that a delivery is from this server (Pay-Signature; how to check it: ${api.server}/docs).`,
  );
  await context.say(
    shown`The webhook ends with the session or token that made it: logging out ends it, too. For one that stays, give PAY_TOKEN a token with the scopes read and pay.`,
  );
};
