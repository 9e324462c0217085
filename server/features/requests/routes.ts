import { microsOf } from '../../clock.js';
import { ledgerAnswer } from '../../http/answer/ledger-answer.js';
import { listAnswer } from '../../http/answer/list-answer.js';
import { listAnswers } from '../../http/contract/page.js';
import { defineRoute } from '../../http/contract/route.js';
import { decide } from '../../ledger/decide.js';
import { nameKey } from '../accounts/user-store.js';
import { amountIn } from '../conversion/amount-field.js';
import { actRoutes } from './act-routes.js';
import { type CreateRequest, createRequest } from './create-request.js';
import { requestNotFound } from './find-request.js';
import { requestList, requestListQuery } from './request-list.js';
import { idParams, numberIn } from './request-number.js';
import type { RequestParts } from './request-parts.js';
import { findRequest } from './request-store.js';
import { createRequestSchema, rehearsedRequestSchema, requestJson, requestSchema } from './wire.js';

export function requestRoutes(parts: RequestParts) {
  return [createRoute(parts), listRoute(parts), showRoute(parts), ...actRoutes(parts)];
}

const tag = 'Requests';

function createRoute({ ledger, checkFunds }: RequestParts) {
  return defineRoute({
    method: 'POST',
    path: '/v1/requests',
    operationId: 'createRequest',
    tag,
    summary: 'Ask somebody for money',
    description:
      'Refused for more than the payer holds (unless the operator has said otherwise), without saying how much that is; after five such refusals within a day nothing can be asked of that payer until the day is over. With `dryRun` the same code judges it, but for what the payer holds, writes nothing, and answers 200 with the request as it would be.',
    access: { who: 'user', scope: 'request' },
    body: createRequestSchema,
    underKey: true,
    answers: {
      200: { description: 'What would be asked: the answer to a dry run.', schema: rehearsedRequestSchema },
      201: { description: 'The request.', schema: requestSchema },
    },
    refusals: [
      'INVALID_AMOUNT',
      'UNKNOWN_CURRENCY',
      'USER_NOT_FOUND',
      'SELF_REQUEST',
      'ACCOUNT_FROZEN',
      'RECIPIENT_UNAVAILABLE',
      'INSUFFICIENT_FUNDS',
      'NOT_CONVERTIBLE',
      'POSSIBLE_DUPLICATE',
    ],
    async handle(call) {
      const { viewer, body } = call;
      const input: CreateRequest = {
        requesterId: viewer.userId,
        from: nameKey(body.from),
        amount: amountIn(body, viewer),
        memo: body.memo || null,
        expiresAt: body.expiresAt === undefined ? null : microsOf(body.expiresAt),
        ...(body.confirmDuplicateOf !== undefined && { confirmDuplicateOf: body.confirmDuplicateOf }),
      };
      return ledgerAnswer(await decide(ledger, call, createRequest, input, { checkFunds }));
    },
  });
}

function listRoute(parts: RequestParts) {
  return defineRoute({
    method: 'GET',
    path: '/v1/requests',
    operationId: 'listRequests',
    tag,
    summary: 'Requests to you and from you',
    description: 'Newest first, closed ones included.',
    access: { who: 'user', scope: 'read' },
    query: requestListQuery,
    answers: listAnswers('RequestPage', requestSchema, 'requests'),
    handle: (call) => listAnswer(requestList(parts, call.viewer.userId), call),
  });
}

function showRoute({ readers }: RequestParts) {
  return defineRoute({
    method: 'GET',
    path: '/v1/requests/{id}',
    operationId: 'showRequest',
    tag,
    summary: 'One request of yours',
    access: { who: 'user', scope: 'read' },
    params: idParams,
    answers: { 200: { description: 'The request.', schema: requestSchema } },
    refusals: ['NOT_FOUND'],
    async handle({ params, viewer }) {
      const view = await findRequest(readers, viewer.userId, numberIn(params));
      if (!view) {
        throw requestNotFound();
      }
      return { status: 200, body: requestJson(view) };
    },
  });
}
