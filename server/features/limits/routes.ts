import * as z from 'zod';
import type { Database } from '../../../db/connect.js';
import type { Clock } from '../../clock.js';
import { ledgerAnswer } from '../../http/answer/ledger-answer.js';
import { listAnswer } from '../../http/answer/list-answer.js';
import { listAnswers } from '../../http/contract/page.js';
import { defineRoute } from '../../http/contract/route.js';
import { decide } from '../../ledger/decide.js';
import type { LedgerDoor } from '../../ledger/door.js';
import { type Currency, currencyOf } from '../../money/currency.js';
import { userNotFound } from '../accounts/find-target.js';
import { findUserByName } from '../accounts/user-store.js';
import { amountField } from '../conversion/amount-field.js';
import { currencyInPath } from '../conversion/currency-field.js';
import type { Lists } from '../lists/lists.js';
import { type ChangeLimit, changeLimit } from './change-limit.js';
import { limitList, limitQuerySchema } from './limit-list.js';
import { readLimits, readPaid } from './limit-store.js';
import { unlimitedMinor } from './limits.js';
import {
  currencyLimitChangeSchema,
  limitSchema,
  ownLimitsJson,
  ownLimitsSchema,
  userLimitChangeSchema,
} from './wire.js';

export interface LimitParts {
  readonly readers: Database;
  readonly ledger: LedgerDoor;
  readonly lists: Lists;
  readonly machineMicros: Clock;
}

const tag = 'Limits';
const reading = { who: 'user', scope: 'admin' } as const;
const changing = { who: 'session', role: 'admin' } as const;
const changeRefusals = ['NOT_FOUND', 'INVALID_AMOUNT', 'ACCOUNT_FROZEN'] as const;

const whatCounts =
  'What counts is what one pays others, of one’s own accord or because they asked, in what one is debited; what one gives back, and what an administrator books, does not.';

export function limitRoutes(parts: LimitParts) {
  return [ownRoute(parts), listRoute(parts), changeCurrencyRoute(parts), changeUserRoute(parts)];
}

function ownRoute({ readers, machineMicros }: LimitParts) {
  return defineRoute({
    method: 'GET',
    path: '/v1/me/limits',
    operationId: 'showOwnLimits',
    tag,
    summary: 'How much you may pay, and what is left of it',
    description: `At once, and within any 24 hours. ${whatCounts}`,
    access: { who: 'user', scope: 'read' },
    answers: { 200: { description: 'Those limits that are set.', schema: ownLimitsSchema } },
    async handle({ viewer: { userId, currency } }) {
      const limits = await readLimits(readers, { id: userId, currency });
      const paid = await readPaid(readers, userId, machineMicros());
      return { status: 200, body: ownLimitsJson(limits, paid, currency) };
    },
  });
}

function listRoute(parts: LimitParts) {
  const list = limitList(parts);
  return defineRoute({
    method: 'GET',
    path: '/v1/admin/limits',
    operationId: 'listLimits',
    tag,
    summary: 'All limits that are set',
    description:
      'First those of currencies, by their codes, then those of users. As `text/csv`, and as `application/x-ndjson` with one a line, all of them.',
    access: reading,
    query: limitQuerySchema,
    answers: listAnswers('LimitPage', limitSchema, 'limits'),
    handle: (call) => listAnswer(list, call),
  });
}

type Field = 'perPayment' | 'perDay';
type Change = Readonly<Partial<Record<Field, string | null | undefined>>>;

/** Minor units of a limit, as it is kept; only a user can be freed of one. Throws INVALID_AMOUNT. */
function limitField(change: Change, field: Field, currency: Currency, isOfUser: boolean) {
  const text = change[field];
  if (text === undefined || text === null) {
    return text;
  }
  return isOfUser && text === 'none' ? unlimitedMinor : amountField(field, text, currency);
}

function inputOf(
  body: Change & { readonly reason: string },
  currency: Currency,
  userId: number | null,
): ChangeLimit {
  const perPayment = limitField(body, 'perPayment', currency, userId !== null);
  const perDay = limitField(body, 'perDay', currency, userId !== null);
  return {
    userId,
    currency: currency.code,
    ...(perPayment !== undefined && { perPayment }),
    ...(perDay !== undefined && { perDay }),
    reason: body.reason,
  };
}

function changeCurrencyRoute({ ledger }: LimitParts) {
  return defineRoute({
    method: 'PUT',
    path: '/v1/admin/limits/currencies/{currency}',
    operationId: 'changeCurrencyLimit',
    tag,
    summary: 'Limit what all who hold a currency may pay',
    description: `At once, and within any 24 hours. It holds from the next payment on, which counts what was paid before. ${whatCounts}`,
    access: changing,
    params: z.strictObject({ currency: z.string().meta({ description: 'An ISO 4217 code.' }) }),
    body: currencyLimitChangeSchema,
    answers: { 200: { description: 'The limits of the currency.', schema: limitSchema } },
    refusals: changeRefusals,
    async handle(call) {
      const input = inputOf(call.body, currencyInPath(call.params.currency), null);
      return ledgerAnswer(await decide(ledger, call, changeLimit, input));
    },
  });
}

function changeUserRoute({ ledger, readers }: LimitParts) {
  return defineRoute({
    method: 'PUT',
    path: '/v1/admin/limits/users/{username}',
    operationId: 'changeUserLimit',
    tag,
    summary: 'Limit what one user may pay, or free them of a limit',
    description: `Each of the two that is set takes the place of that of the user’s currency. ${whatCounts}`,
    access: changing,
    params: z.strictObject({ username: z.string().meta({ description: 'Whose.' }) }),
    body: userLimitChangeSchema,
    answers: { 200: { description: 'The own limits of the user.', schema: limitSchema } },
    refusals: changeRefusals,
    async handle(call) {
      const user = await findUserByName(readers, call.params.username);
      if (!user) {
        throw userNotFound(call.params.username);
      }
      const input = inputOf(call.body, currencyOf(user.currency), user.id);
      return ledgerAnswer(await decide(ledger, call, changeLimit, input));
    },
  });
}
