import { z } from 'zod';
import type { Database } from '../../../db/connect.js';
import { microsOf } from '../../clock.js';
import { ledgerAnswer } from '../../http/answer/ledger-answer.js';
import { type PagedList, pageAnswer } from '../../http/answer/list-answer.js';
import { pageQuery, pageSchema } from '../../http/contract/page.js';
import { type Answer, defineRoute, type Viewer } from '../../http/contract/route.js';
import { rowNumber } from '../../ids.js';
import { decide } from '../../ledger/decide.js';
import type { Outcome } from '../../ledger/decide-batch.js';
import type { LedgerDoor } from '../../ledger/door.js';
import { currencyOf } from '../../money/currency.js';
import { idSchema, instantSchema } from '../../money/fields.js';
import { findUserByName, nameKey } from '../accounts/user-store.js';
import { usernameSchema } from '../accounts/wire.js';
import { amountField } from '../conversion/amount-field.js';
import type { Converter } from '../conversion/converter.js';
import type { Lists } from '../lists/lists.js';
import { quoteBefore } from '../payments/quote-before.js';
import type { OutsideQuote } from '../payments/quote-payment.js';
import { type AcceptRequest, acceptRequest } from './accept-request.js';
import { cancelRequest, declineRequest } from './close-request.js';
import { type CreateRequest, createRequest } from './create-request.js';
import type { Sweep } from './expire-requests.js';
import { requestNotFound } from './find-request.js';
import { remindPayer } from './remind-payer.js';
import { countRequests, findRequest, listRequests } from './request-store.js';
import {
  acceptedRequestSchema,
  acceptRequestSchema,
  createRequestSchema,
  declineRequestSchema,
  type RequestView,
  rehearsedRequestSchema,
  requestJson,
  requestSchema,
  requestStatuses,
} from './wire.js';

export interface RequestParts {
  readonly readers: Database;
  readonly ledger: LedgerDoor;
  readonly lists: Lists;
  /** Another conversion service to ask; undefined where the server's own rates count. */
  readonly converter: Converter | undefined;
  /** Whether a request for more than its payer holds is refused at once. */
  readonly checkFunds: boolean;
  /** Is told when somebody meets a request that is closed, perhaps for its time being up. */
  readonly sweep: Pick<Sweep, 'wake'>;
}

export function requestRoutes(parts: RequestParts) {
  return [
    createRoute(parts),
    listRoute(parts),
    showRoute(parts),
    acceptRoute(parts),
    declineRoute(parts),
    cancelRoute(parts),
    remindRoute(parts),
  ];
}

const tag = 'Requests';
const idParams = z.strictObject({ id: idSchema('request') });
/** The number of the request that the path names. Throws NOT_FOUND for an id that is none. */
function numberIn({ id }: { readonly id: string }): number {
  const number = rowNumber('req', id);
  if (number === undefined) {
    throw requestNotFound();
  }
  return number;
}

/** Answers what was decided on one request: the list must not show one as pending that was just refused as expired. */
function actAnswer({ sweep }: RequestParts, outcome: Outcome): Answer {
  if (outcome.code === 'REQUEST_CLOSED') {
    sweep.wake();
  }
  return ledgerAnswer(outcome);
}

const actRefusals = ['NOT_FOUND', 'NOT_YOUR_REQUEST', 'REQUEST_CLOSED', 'CLOCK_UNAVAILABLE'] as const;

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
      const currency = currencyOf(body.currency ?? viewer.currency);
      const input: CreateRequest = {
        requesterId: viewer.userId,
        from: nameKey(body.from),
        amount: { minor: amountField('amount', body.amount, currency), currency: currency.code },
        memo: body.memo || null,
        expiresAt: body.expiresAt === undefined ? null : microsOf(body.expiresAt),
        ...(body.confirmDuplicateOf !== undefined && { confirmDuplicateOf: body.confirmDuplicateOf }),
      };
      return ledgerAnswer(await decide(ledger, call, createRequest, input, { checkFunds }));
    },
  });
}

const listQuery = z.strictObject({
  ...pageQuery,
  direction: z.enum(['incoming', 'outgoing']).optional(),
  status: z.enum(requestStatuses).optional(),
  with: usernameSchema.optional().meta({ description: 'Only with this other side.' }),
  since: instantSchema.optional().meta({ description: 'Inclusive.' }),
  until: instantSchema.optional().meta({ description: 'Exclusive.' }),
});

type ListQuery = Omit<z.output<typeof listQuery>, 'cursor' | 'limit'>;

function requestList({ lists, lists: { readers } }: RequestParts, userId: number): PagedList<RequestView> {
  return {
    name: 'requests',
    lists,
    async open(filters) {
      const { direction, status, with: other, since, until } = filters as ListQuery;
      const wanted = {
        direction,
        status,
        with: other && nameKey(other),
        sinceMicros: since === undefined ? undefined : microsOf(since),
        untilMicros: until === undefined ? undefined : microsOf(until),
      };
      return {
        readPage: (part) => listRequests(readers, userId, wanted, part),
        count: (part) => countRequests(readers, userId, wanted, part),
      };
    },
    idOf: ({ request }) => String(request.id),
    jsonOf: requestJson,
  };
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
    query: listQuery,
    answers: {
      200: {
        description: 'A page of requests.',
        schema: pageSchema(requestSchema).meta({ id: 'RequestPage' }),
      },
    },
    handle: (call) => pageAnswer(requestList(parts, call.viewer.userId), call),
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

/** The other conversion service's quote for paying the request, where there is one and it plays a part. */
async function outsideQuoteFor(
  { converter, readers }: RequestParts,
  requestId: number,
  viewer: Viewer,
): Promise<OutsideQuote> {
  const view = converter && (await findRequest(readers, viewer.userId, requestId));
  const requester = view && (await findUserByName(readers, view.requester));
  if (!converter || !view || !requester) {
    return null;
  }
  const { amount: minor, currency } = view.request;
  return quoteBefore(converter, { minor, currency }, viewer.currency, requester.currency);
}

function acceptRoute(parts: RequestParts) {
  return defineRoute({
    method: 'POST',
    path: '/v1/requests/{id}/accept',
    operationId: 'acceptRequest',
    tag,
    summary: 'Pay what you are asked for',
    description:
      'Pays the amount of the request in its currency. Without funds it stays pending. With `dryRun` the same code judges it, writes nothing, and answers with both as they would be, `paymentId` and the id of the payment null.',
    access: { who: 'user', scope: 'pay' },
    params: idParams,
    body: acceptRequestSchema,
    underKey: true,
    answers: { 200: { description: 'The request, paid, and the payment.', schema: acceptedRequestSchema } },
    refusals: [
      ...actRefusals,
      'INVALID_AMOUNT',
      'ACCOUNT_FROZEN',
      'RECIPIENT_UNAVAILABLE',
      'INSUFFICIENT_FUNDS',
      'LIMIT_EXCEEDED',
      'RATE_CHANGED',
      'NOT_CONVERTIBLE',
      'CONVERSION_UNAVAILABLE',
    ],
    async handle(call) {
      const { viewer, params, body } = call;
      const own = currencyOf(viewer.currency);
      const input: AcceptRequest = {
        userId: viewer.userId,
        requestId: numberIn(params),
        maxDebit: body.maxDebit === undefined ? null : amountField('maxDebit', body.maxDebit, own),
        ...(body.memo !== undefined && { memo: body.memo || null }),
      };
      const facts = await outsideQuoteFor(parts, input.requestId, viewer);
      return actAnswer(parts, await decide(parts.ledger, call, acceptRequest, input, facts));
    },
  });
}

function declineRoute(parts: RequestParts) {
  return defineRoute({
    method: 'POST',
    path: '/v1/requests/{id}/decline',
    operationId: 'declineRequest',
    tag,
    summary: 'Say no to a request',
    access: { who: 'user', scope: 'request' },
    params: idParams,
    body: declineRequestSchema,
    answers: { 200: { description: 'The request, declined.', schema: requestSchema } },
    refusals: [...actRefusals],
    async handle(call) {
      const input = {
        userId: call.viewer.userId,
        requestId: numberIn(call.params),
        reason: call.body.reason || null,
      };
      return actAnswer(parts, await decide(parts.ledger, call, declineRequest, input));
    },
  });
}

function cancelRoute(parts: RequestParts) {
  return defineRoute({
    method: 'POST',
    path: '/v1/requests/{id}/cancel',
    operationId: 'cancelRequest',
    tag,
    summary: 'Take a request of yours back',
    access: { who: 'user', scope: 'request' },
    params: idParams,
    answers: { 200: { description: 'The request, cancelled.', schema: requestSchema } },
    refusals: [...actRefusals],
    async handle(call) {
      const input = { userId: call.viewer.userId, requestId: numberIn(call.params) };
      return actAnswer(parts, await decide(parts.ledger, call, cancelRequest, input));
    },
  });
}

function remindRoute(parts: RequestParts) {
  return defineRoute({
    method: 'POST',
    path: '/v1/requests/{id}/remind',
    operationId: 'remindPayer',
    tag,
    summary: 'Bring a request of yours to mind',
    description: 'At most once an hour.',
    access: { who: 'user', scope: 'request' },
    params: idParams,
    answers: { 200: { description: 'The request.', schema: requestSchema } },
    refusals: [...actRefusals, 'ACCOUNT_FROZEN', 'RECIPIENT_UNAVAILABLE'],
    async handle(call) {
      const input = { userId: call.viewer.userId, requestId: numberIn(call.params) };
      return actAnswer(parts, await decide(parts.ledger, call, remindPayer, input));
    },
  });
}
