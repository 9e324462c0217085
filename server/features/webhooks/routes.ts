import * as z from 'zod';
import { Refusal } from '../../errors.js';
import { csvOf } from '../../http/answer/csv.js';
import { ledgerAnswer } from '../../http/answer/ledger-answer.js';
import { listAnswer } from '../../http/answer/list-answer.js';
import { listAnswers, pageQuery } from '../../http/contract/page.js';
import { defineRoute } from '../../http/contract/route.js';
import { decide } from '../../ledger/decide.js';
import { idSchema } from '../../money/fields.js';
import { networkOf } from '../../network.js';
import { type CreateWebhook, createWebhook } from './create-webhook.js';
import { type DeleteWebhook, deleteWebhook } from './delete-webhook.js';
import { deliveryRoutes } from './delivery-routes.js';
import { challengeEndpoint } from './endpoint/challenge.js';
import { makeWebhookSecret } from './endpoint/signature.js';
import { ForbiddenTarget, type TargetPolicy } from './endpoint/target-policy.js';
import { ownWebhook, webhookNumber } from './own-webhook.js';
import type { WebhookParts } from './webhook-parts.js';
import { countWebhooks, findWebhook, listWebhooks } from './webhook-store.js';
import { createWebhookSchema, newWebhookSchema, webhookJson, webhookSchema } from './wire.js';

export function webhookRoutes(parts: WebhookParts) {
  return [
    createRoute(parts),
    listRoute(parts),
    showRoute(parts),
    deleteRoute(parts),
    ...deliveryRoutes(parts),
  ];
}

const tag = 'Webhooks';
const access = { who: 'user', scope: 'pay', also: 'read' } as const;
const webhookId = idSchema('webhook');

const howItWorks = `First the endpoint is asked whether it wants this: it is POSTed \`{"type": "webhook.challenge", "challenge": "…"}\`, signed, and must answer with the challenge, as the whole text or as \`{"challenge": "…"}\`. Then each event of the types named is POSTed to the URL as JSON, \`{id, type, at, data}\`, as it stands in the notifications; events from before the webhook was made are not. An answer of 2xx within ten seconds is a success and its body is ignored. Redirects are not followed. Anything else is tried again after growing waits (5 s, 30 s, 2 min, 10 min, 1 h, 3 h, then every 6 h) for three days; then the webhook is disabled, with an event \`webhook.disabled\`. Deliveries may arrive in another order than the events, and more than once: \`Pay-Event-Id\` tells whether an event is known already.

It ends with what it was made with: it is disabled when that session is ended (logged out, ended from elsewhere, by a change or reset of the password; not where it just runs out or makes room for a newer one) or that token is revoked or expires.

To verify a delivery, take \`t\` and \`v1\` from the header \`Pay-Signature: t=1795456800,v1=5257a8…\`, compute the HMAC-SHA-256 with the whole secret (\`whsec_\` included) as the key over \`t\`, a full stop and the raw bytes of the body, and compare its lower-case hexadecimal with \`v1\` in constant time. Refuse a \`t\`, in seconds since 1970, that is more than five minutes off. \`Pay-Delivery-Id\` names the delivery, the same at each attempt.`;

/** The URL as it is kept. Throws VALIDATION_FAILED where it leads to what must not be reached. */
async function judgeUrl(targets: TargetPolicy, text: string, signal: AbortSignal): Promise<string> {
  const url = new URL(text);
  try {
    await targets.addressesOf(url, signal);
  } catch (error) {
    if (!(error instanceof ForbiddenTarget)) {
      throw error;
    }
    const errors = [{ field: 'url', message: error.message }];
    throw new Refusal('VALIDATION_FAILED', `url: ${error.message}.`, { errors });
  }
  return url.href;
}

function createRoute({ ledger, targets, worker, post, gate }: WebhookParts) {
  return defineRoute({
    method: 'POST',
    path: '/v1/webhooks',
    operationId: 'createWebhook',
    tag,
    summary: 'Have an endpoint told of your events',
    description: howItWorks,
    access,
    body: createWebhookSchema,
    rateLimit: 'challenge',
    answers: {
      201: { description: 'The webhook; its secret is shown this once.', schema: newWebhookSchema },
    },
    refusals: ['ACCOUNT_FROZEN', 'LIMIT_EXCEEDED', 'OVERLOADED'],
    async handle(call) {
      const { viewer, body, signal } = call;
      const url = await judgeUrl(targets, body.url, signal);
      const secret = makeWebhookSecret();
      await gate(
        viewer.userId,
        () => challengeEndpoint(post, { url, secret }, signal),
        networkOf(call.address),
      );
      const input: CreateWebhook = { userId: viewer.userId, url, types: body.types, secret };
      const outcome = await decide(ledger, call, createWebhook, input);
      if (outcome.status !== 201) {
        return ledgerAnswer(outcome);
      }
      worker.wake();
      const headers = { ...(outcome.location !== null && { Location: outcome.location }) };
      return { status: 201, body: { ...JSON.parse(outcome.json), secret }, headers };
    },
  });
}

const csv = csvOf(['id', 'url', 'types', 'status', 'createdAt'], webhookJson);

function listRoute({ lists, lists: { readers } }: WebhookParts) {
  return defineRoute({
    method: 'GET',
    path: '/v1/webhooks',
    operationId: 'listWebhooks',
    tag,
    summary: 'Your webhooks',
    access,
    query: z.strictObject(pageQuery),
    answers: listAnswers('WebhookPage', webhookSchema, 'webhooks'),
    handle: (call) =>
      listAnswer(
        {
          name: 'webhooks',
          lists,
          open: async () => ({
            readPage: (part) => listWebhooks(readers, call.viewer.userId, part),
            count: (part) => countWebhooks(readers, call.viewer.userId, part),
          }),
          idOf: ({ id }) => String(id),
          jsonOf: webhookJson,
          csv,
        },
        call,
      ),
  });
}

function showRoute({ readers }: WebhookParts) {
  return defineRoute({
    method: 'GET',
    path: '/v1/webhooks/{id}',
    operationId: 'showWebhook',
    tag,
    summary: 'One webhook of yours',
    access,
    params: z.strictObject({ id: webhookId }),
    answers: { 200: { description: 'The webhook.', schema: webhookSchema } },
    async handle({ viewer, params }) {
      const webhook = ownWebhook(await findWebhook(readers, webhookNumber(params.id)), viewer.userId);
      return { status: 200, body: webhookJson(webhook) };
    },
  });
}

function deleteRoute({ ledger }: WebhookParts) {
  return defineRoute({
    method: 'DELETE',
    path: '/v1/webhooks/{id}',
    operationId: 'deleteWebhook',
    tag,
    summary: 'Delete a webhook',
    description: 'Nothing is sent to it any more, but for what is on its way at this moment.',
    access,
    params: z.strictObject({ id: webhookId }),
    answers: { 204: { description: 'Deleted.' } },
    async handle(call) {
      const input: DeleteWebhook = { userId: call.viewer.userId, webhookId: webhookNumber(call.params.id) };
      return ledgerAnswer(await decide(ledger, call, deleteWebhook, input));
    },
  });
}
