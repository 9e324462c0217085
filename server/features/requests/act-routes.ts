import { ledgerAnswer } from '../../http/answer/ledger-answer.js';
import { type Answer, defineRoute, type Viewer } from '../../http/contract/route.js';
import { decide } from '../../ledger/decide.js';
import type { Outcome } from '../../ledger/outcome.js';
import { currencyOf } from '../../money/currency.js';
import { findUserByName } from '../accounts/user-store.js';
import { amountField } from '../conversion/amount-field.js';
import { quoteBefore } from '../payments/quote-before.js';
import type { OutsideQuote } from '../payments/quote-payment.js';
import { type AcceptRequest, acceptRequest } from './accept-request.js';
import { cancelRequest, declineRequest } from './close-request.js';
import { remindPayer } from './remind-payer.js';
import { idParams, numberIn } from './request-number.js';
import type { RequestParts } from './request-parts.js';
import { findRequest } from './request-store.js';
import { acceptedRequestSchema, acceptRequestSchema, declineRequestSchema, requestSchema } from './wire.js';

/** The routes of what either side does with a request that is there. */
export function actRoutes(parts: RequestParts) {
  return [acceptRoute(parts), declineRoute(parts), cancelRoute(parts), remindRoute(parts)];
}

const tag = 'Requests';

/** The answer to what was decided on one request: the list must not show one as pending that was just refused as expired. */
function actAnswer({ sweep }: RequestParts, outcome: Outcome): Answer {
  if (outcome.code === 'REQUEST_CLOSED') {
    sweep.wake();
  }
  return ledgerAnswer(outcome);
}

const actRefusals = ['NOT_FOUND', 'NOT_YOUR_REQUEST', 'REQUEST_CLOSED', 'CLOCK_UNAVAILABLE'] as const;

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
      'SECOND_FACTOR_REQUIRED',
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
    description: 'A block does not stand against it, but drops the reason.',
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
