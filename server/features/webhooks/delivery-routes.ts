import * as z from 'zod';
import { csvOf } from '../../http/answer/csv.js';
import { ledgerAnswer } from '../../http/answer/ledger-answer.js';
import { type List, listAnswer } from '../../http/answer/list-answer.js';
import { listAnswers, pageQuery } from '../../http/contract/page.js';
import { defineRoute } from '../../http/contract/route.js';
import { rowNumber } from '../../ids.js';
import { decide } from '../../ledger/decide.js';
import { idSchema } from '../../money/fields.js';
import { ownWebhook, webhookNumber } from './own-webhook.js';
import { noSuchDelivery, type ResendDelivery, resendDelivery } from './resend-delivery.js';
import type { WebhookParts } from './webhook-parts.js';
import { countDeliveries, type DeliveryWithType, findWebhook, listDeliveries } from './webhook-store.js';
import { deliveryJson, deliverySchema } from './wire.js';

export function deliveryRoutes(parts: WebhookParts) {
  return [listRoute(parts), resendRoute(parts)];
}

const tag = 'Webhooks';
const access = { who: 'user', scope: 'pay', also: 'read' } as const;
const webhookId = idSchema('webhook');
const deliveryId = idSchema('delivery');

const columns = [
  'id',
  'eventId',
  'type',
  'status',
  'attempts',
  'nextAttemptAt',
  'lastAttemptAt',
  'lastStatus',
  'lastError',
  'createdAt',
] as const;

function listRoute({ readers, lists }: WebhookParts) {
  return defineRoute({
    method: 'GET',
    path: '/v1/webhooks/{id}/deliveries',
    operationId: 'listDeliveries',
    tag,
    summary: 'What was sent to a webhook, and what came of it',
    access,
    params: z.strictObject({ id: webhookId }),
    query: z.strictObject(pageQuery),
    answers: listAnswers('DeliveryPage', deliverySchema, 'deliveries, newest first'),
    async handle(call) {
      const { params, viewer } = call;
      const webhook = ownWebhook(await findWebhook(readers, webhookNumber(params.id)), viewer.userId);
      const jsonOf = (row: DeliveryWithType) => deliveryJson(row, row.type, webhook.status);
      const list: List<DeliveryWithType> = {
        name: `deliveries of ${webhook.id}`,
        lists,
        open: async () => ({
          readPage: (part) => listDeliveries(lists.readers, webhook.id, part),
          count: (part) => countDeliveries(lists.readers, webhook.id, part),
        }),
        idOf: ({ id }) => String(id),
        jsonOf,
        csv: csvOf(columns, jsonOf),
      };
      return listAnswer(list, call);
    },
  });
}

function resendRoute({ ledger, worker }: WebhookParts) {
  return defineRoute({
    method: 'POST',
    path: '/v1/webhooks/{id}/deliveries/{deliveryId}/resend',
    operationId: 'resendDelivery',
    tag,
    summary: 'Send a delivery again',
    description:
      'Whatever came of it before, it is sent at once, and tried again for three days as at first. The webhook must be active.',
    access,
    params: z.strictObject({ id: webhookId, deliveryId }),
    answers: { 200: { description: 'The delivery, pending.', schema: deliverySchema } },
    refusals: ['WEBHOOK_DISABLED'],
    async handle(call) {
      const { viewer, params } = call;
      const ofWebhook = webhookNumber(params.id);
      const deliveryNumber = rowNumber('dlv', params.deliveryId);
      if (deliveryNumber === undefined) {
        throw noSuchDelivery();
      }
      const input: ResendDelivery = {
        userId: viewer.userId,
        webhookId: ofWebhook,
        deliveryId: deliveryNumber,
      };
      const outcome = await decide(ledger, call, resendDelivery, input);
      worker.wake();
      return ledgerAnswer(outcome);
    },
  });
}
