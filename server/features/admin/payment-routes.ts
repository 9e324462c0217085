import * as z from 'zod';
import { Refusal } from '../../errors.js';
import { ledgerAnswer } from '../../http/answer/ledger-answer.js';
import { listAnswer } from '../../http/answer/list-answer.js';
import { listAnswers } from '../../http/contract/page.js';
import { defineRoute } from '../../http/contract/route.js';
import { rowNumber } from '../../ids.js';
import { decide } from '../../ledger/decide.js';
import { currencyOf } from '../../money/currency.js';
import { idSchema } from '../../money/fields.js';
import { findUserByName, nameKey } from '../accounts/user-store.js';
import { plainAmount } from '../conversion/amount-field.js';
import { type AdjustBalance, adjustBalance } from './adjust-balance.js';
import type { AdminParts } from './admin-parts.js';
import { paymentList, paymentQuerySchema } from './payment-list.js';
import { findAnyPayment } from './payment-list-store.js';
import { adjustmentSchema, adminPaymentJson, adminPaymentSchema } from './wire.js';

const tag = 'Administration';
const reading = { who: 'user', scope: 'admin' } as const;
const changing = { who: 'session', role: 'admin' } as const;

export function listPaymentsRoute(parts: AdminParts) {
  const list = paymentList(parts);
  return defineRoute({
    method: 'GET',
    path: '/v1/admin/payments',
    operationId: 'listAllPayments',
    tag,
    summary: 'Every payment',
    description:
      'Newest first. As `text/csv`, and as `application/x-ndjson` with one payment a line, the whole filtered list is streamed, whatever `limit` says; with a cursor, from there on.',
    access: reading,
    query: paymentQuerySchema,
    answers: listAnswers('AdminPaymentPage', adminPaymentSchema, 'payments'),
    refusals: ['INVALID_AMOUNT', 'UNKNOWN_CURRENCY'],
    handle: (call) => listAnswer(list, call),
  });
}

export function showPaymentRoute({ readers }: AdminParts) {
  return defineRoute({
    method: 'GET',
    path: '/v1/admin/payments/{id}',
    operationId: 'showAnyPayment',
    tag,
    summary: 'One payment, whosever it is',
    access: reading,
    params: z.strictObject({ id: idSchema('payment') }),
    answers: { 200: { description: 'The payment.', schema: adminPaymentSchema } },
    refusals: ['NOT_FOUND'],
    async handle({ params }) {
      const id = rowNumber('pay', params.id);
      const payment = id === undefined ? undefined : await findAnyPayment(readers, id);
      if (!payment) {
        throw new Refusal('NOT_FOUND', 'There is no payment with this id.', { see: 'listAllPayments' });
      }
      return { status: 200, body: adminPaymentJson(payment) };
    },
  });
}

/** The amount of an adjustment. Its currency is that of the user, who is looked up. */
async function adjustedAmount({ readers }: AdminParts, username: string, amount: string): Promise<string> {
  const user = await findUserByName(readers, username);
  return user ? plainAmount(amount, currencyOf(user.currency)) : amount;
}

export function adjustRoute(parts: AdminParts) {
  return defineRoute({
    method: 'POST',
    path: '/v1/admin/adjustments',
    operationId: 'adjustBalance',
    tag,
    summary: 'Credit or debit a user',
    description:
      'Corrects a balance by a payment against the issuance account of its currency, with the reason as its memo; the user is told. Frozen accounts can be adjusted, nobody can adjust their own, and no debit takes more than the user has or than was issued in the currency.',
    access: changing,
    body: adjustmentSchema,
    underKey: true,
    answers: {
      200: { description: 'What would happen: the answer to a dry run.', schema: adminPaymentSchema },
      201: { description: 'The adjustment, a payment.', schema: adminPaymentSchema },
    },
    refusals: ['INVALID_AMOUNT', 'USER_NOT_FOUND', 'ACCOUNT_FROZEN', 'INSUFFICIENT_FUNDS'],
    async handle(call) {
      const { username, direction, reason, corrects } = call.body;
      const amount = await adjustedAmount(parts, username, call.body.amount);
      const input: AdjustBalance = {
        ...{ username: nameKey(username), amount, direction, reason },
        ...(corrects !== undefined && { corrects }),
      };
      return ledgerAnswer(await decide(parts.ledger, call, adjustBalance, input));
    },
  });
}
