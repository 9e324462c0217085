import * as z from 'zod';
import type { Database } from '../../../db/connect.js';
import { ledgerAnswer } from '../../http/answer/ledger-answer.js';
import { type List, listAnswer } from '../../http/answer/list-answer.js';
import { listAnswers } from '../../http/contract/page.js';
import { defineRoute, type Viewer } from '../../http/contract/route.js';
import { rowNumber } from '../../ids.js';
import { decide } from '../../ledger/decide.js';
import type { LedgerDoor } from '../../ledger/door.js';
import { currencyOf } from '../../money/currency.js';
import { idSchema } from '../../money/fields.js';
import { findUserByName, nameKey, readAccount } from '../accounts/user-store.js';
import { amountField, amountIn, plainAmount } from '../conversion/amount-field.js';
import type { Converter } from '../conversion/converter.js';
import type { Lists } from '../lists/lists.js';
import { historyCsv } from './history-csv.js';
import { type FilterQuery, historyFilters, historyQuerySchema } from './history-query.js';
import { countPayments, findSentCurrency, findViews, listPayments } from './payment-store.js';
import { justRegistered, quoteBefore } from './quote-before.js';
import type { OutsideQuote } from './quote-payment.js';
import { noSuchPayment, type RefundPayment, refundPayment } from './refund-payment.js';
import { type SendPayment, sendPayment } from './send-payment.js';
import { type PaymentView, paymentJson, paymentSchema, refundSchema, sendPaymentSchema } from './wire.js';

export interface PaymentParts {
  readonly readers: Database;
  readonly ledger: LedgerDoor;
  readonly lists: Lists;
  /** Another conversion service to ask; undefined where the server's own rates count. */
  readonly converter: Converter | undefined;
  /** For how many days a payment across currencies can be given back. */
  readonly refundDays: number;
}

type SendBody = z.output<typeof sendPaymentSchema>;

export function paymentRoutes(parts: PaymentParts) {
  return [sendRoute(parts), listRoute(parts), showRoute(parts), refundRoute(parts)];
}

function inputOf(body: SendBody, viewer: Viewer): SendPayment {
  const own = currencyOf(viewer.currency);
  return {
    senderId: viewer.userId,
    to: nameKey(body.to),
    amount: amountIn(body, viewer),
    memo: body.memo || null,
    maxDebit: body.maxDebit === undefined ? null : amountField('maxDebit', body.maxDebit, own),
    ...(body.confirmDuplicateOf !== undefined && { confirmDuplicateOf: body.confirmDuplicateOf }),
  };
}

/** The other conversion service's quote, where there is one and it plays a part. */
async function outsideQuoteFor(
  { converter, readers }: PaymentParts,
  { to, amount }: SendPayment,
  from: string,
): Promise<OutsideQuote> {
  if (!converter) {
    return null;
  }
  const receiver = await findUserByName(readers, to);
  return receiver ? quoteBefore(converter, amount, from, receiver.currency) : justRegistered;
}

function sendRoute(parts: PaymentParts) {
  return defineRoute({
    method: 'POST',
    path: '/v1/payments',
    operationId: 'sendPayment',
    tag: 'Payments',
    summary: 'Send money',
    description:
      'Moves money to another user at once. With `dryRun` the same code judges it, writes nothing, and answers 200 with the payment as it would be.',
    access: { who: 'user', scope: 'pay' },
    body: sendPaymentSchema,
    underKey: true,
    answers: {
      200: { description: 'What would happen: the answer to a dry run.', schema: paymentSchema },
      201: { description: 'The payment, durable.', schema: paymentSchema },
    },
    refusals: [
      'INVALID_AMOUNT',
      'UNKNOWN_CURRENCY',
      'USER_NOT_FOUND',
      'SELF_PAYMENT',
      'SECOND_FACTOR_REQUIRED',
      'ACCOUNT_FROZEN',
      'INSUFFICIENT_FUNDS',
      'LIMIT_EXCEEDED',
      'POSSIBLE_DUPLICATE',
      'RECIPIENT_UNAVAILABLE',
      'RATE_CHANGED',
      'NOT_CONVERTIBLE',
      'CONVERSION_UNAVAILABLE',
    ],
    async handle(call) {
      const { viewer, body } = call;
      const input = inputOf(body, viewer);
      return ledgerAnswer(
        await decide(
          parts.ledger,
          call,
          sendPayment,
          input,
          await outsideQuoteFor(parts, input, viewer.currency),
        ),
      );
    },
  });
}

function historyOf({ lists, lists: { readers } }: PaymentParts, viewer: Viewer): List<PaymentView> {
  return {
    name: 'payments',
    lists,
    async open(filters) {
      const account = await readAccount(readers, viewer.userId);
      const wanted = historyFilters(filters as FilterQuery, currencyOf(account.currency));
      return {
        readPage: (part) => listPayments(readers, account, wanted, part),
        count: (part) => countPayments(readers, account, wanted, part),
      };
    },
    idOf: ({ payment }) => String(payment.id),
    jsonOf: paymentJson,
    csv: historyCsv,
  };
}

function listRoute(parts: PaymentParts) {
  return defineRoute({
    method: 'GET',
    path: '/v1/payments',
    operationId: 'listPayments',
    tag: 'Payments',
    summary: 'Your own history',
    description:
      'Newest first. As `text/csv`, and as `application/x-ndjson` with one payment a line, the whole filtered history is streamed, whatever `limit` says; with a cursor, from there on.',
    access: { who: 'user', scope: 'read' },
    query: historyQuerySchema,
    answers: listAnswers('PaymentPage', paymentSchema, 'payments'),
    refusals: ['INVALID_AMOUNT', 'UNKNOWN_CURRENCY'],
    handle: (call) => listAnswer(historyOf(parts, call.viewer), call),
  });
}

function showRoute({ readers }: PaymentParts) {
  return defineRoute({
    method: 'GET',
    path: '/v1/payments/{id}',
    operationId: 'showPayment',
    tag: 'Payments',
    summary: 'One payment of yours',
    access: { who: 'user', scope: 'read' },
    params: z.strictObject({ id: idSchema('payment') }),
    answers: { 200: { description: 'The payment.', schema: paymentSchema } },
    refusals: ['NOT_FOUND'],
    async handle({ params, viewer }) {
      const id = rowNumber('pay', params.id);
      const account = await readAccount(readers, viewer.userId);
      const [view] = id === undefined ? [] : await findViews(readers, account.id, [id]);
      if (!view) {
        throw noSuchPayment();
      }
      return { status: 200, body: paymentJson(view) };
    },
  });
}

/** The amount of a refund; null for all that is left. Its currency is that of the payment, which is looked up. */
async function refundAmount(
  { readers }: PaymentParts,
  { userId }: Viewer,
  paymentId: number,
  amount: string | undefined,
): Promise<string | null> {
  if (amount === undefined) {
    return null;
  }
  const currency = await findSentCurrency(readers, userId, paymentId);
  return currency === undefined ? amount : plainAmount(amount, currencyOf(currency));
}

function refundRoute(parts: PaymentParts) {
  return defineRoute({
    method: 'POST',
    path: '/v1/payments/{id}/refunds',
    operationId: 'refundPayment',
    tag: 'Payments',
    summary: 'Give a payment back, or part of it',
    description:
      'Up to 100 times, and up to what was sent; across currencies for as many days as `limits.refundDays` of GET /v1/server says. The receiver is debited in proportion, at the rate of the payment, rounded up; the part that takes the last of what was received gives back all that is left of what was sent. A block does not stand against it, but drops the reason.',
    access: { who: 'user', scope: 'pay' },
    params: z.strictObject({ id: idSchema('payment') }),
    body: refundSchema,
    underKey: true,
    answers: {
      200: { description: 'What would happen: the answer to a dry run.', schema: paymentSchema },
      201: { description: 'The refund, a payment of its own.', schema: paymentSchema },
    },
    refusals: [
      'NOT_FOUND',
      'INVALID_AMOUNT',
      'SECOND_FACTOR_REQUIRED',
      'ACCOUNT_FROZEN',
      'INSUFFICIENT_FUNDS',
      'REFUND_TOO_LARGE',
      'NOT_REFUNDABLE',
      'POSSIBLE_DUPLICATE',
    ],
    async handle(call) {
      const { viewer, params, body } = call;
      const paymentId = rowNumber('pay', params.id);
      if (paymentId === undefined) {
        throw noSuchPayment();
      }
      const input: RefundPayment = {
        userId: viewer.userId,
        paymentId,
        amount: await refundAmount(parts, viewer, paymentId, body.amount),
        reason: body.reason || null,
        ...(body.confirmDuplicateOf !== undefined && { confirmDuplicateOf: body.confirmDuplicateOf }),
      };
      const { refundDays } = parts;
      return ledgerAnswer(await decide(parts.ledger, call, refundPayment, input, { refundDays }));
    },
  });
}
