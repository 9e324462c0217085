import { Refusal } from '../../errors.js';
import type { List, Rows } from '../../http/answer/list-answer.js';
import { boundedQuery } from '../../http/contract/bounded-query.js';
import { pageQuery } from '../../http/contract/page.js';
import { currencyOf } from '../../money/currency.js';
import { findUserByName, readAccount } from '../accounts/user-store.js';
import { usernameSchema } from '../accounts/wire.js';
import {
  amountBounds,
  type FilterQuery,
  filterQuery,
  historyFilters,
  paymentFilters,
} from '../payments/history-query.js';
import { countPayments, listPayments } from '../payments/payment-store.js';
import type { SeenPayment } from '../payments/wire.js';
import type { AdminParts } from './admin-parts.js';
import { type AllPaymentsFilters, countAllPayments, listAllPayments } from './payment-list-store.js';
import { adminPaymentJson } from './wire.js';

const inWhichCurrency = 'Inclusive, in the currency of `user`; without one, in `currency`.';

export const paymentQuerySchema = boundedQuery({
  ...pageQuery,
  ...filterQuery,
  user: usernameSchema.optional().meta({
    description:
      'Only payments of this user, to whom the other filters then mean what they mean in their own list.',
  }),
  direction: filterQuery.direction.meta({ description: 'What `user` sent or received.' }),
  with: filterQuery.with.meta({
    description: 'Only with this other side; without `user`, only with this one.',
  }),
  minAmount: filterQuery.minAmount.meta({ description: inWhichCurrency }),
  maxAmount: filterQuery.maxAmount.meta({ description: inWhichCurrency }),
});

type PaymentFilterQuery = FilterQuery & { readonly user?: string };

const lacks = (field: string, message: string) =>
  new Refusal('VALIDATION_FAILED', `${field}: ${message}.`, { errors: [{ field, message }] });

async function openOfUser(
  { lists: { readers } }: AdminParts,
  username: string,
  query: FilterQuery,
): Promise<Rows<SeenPayment>> {
  const user = await findUserByName(readers, username);
  if (!user) {
    return { readPage: async () => [], count: async () => 0 };
  }
  const account = await readAccount(readers, user.id);
  const filters = historyFilters(query, currencyOf(account.currency));
  return {
    readPage: (part) => listPayments(readers, account, filters, part),
    count: (part) => countPayments(readers, account, filters, part),
  };
}

function sideOf(query: FilterQuery): AllPaymentsFilters['side'] {
  const bounded = (['minAmount', 'maxAmount'] as const).find((field) => query[field] !== undefined);
  if (bounded === undefined) {
    return undefined;
  }
  if (query.currency === undefined) {
    throw lacks(bounded, 'must come with user or currency');
  }
  return { currency: query.currency, ...amountBounds(query, currencyOf(query.currency)) };
}

async function openOfAll({ lists: { readers } }: AdminParts, query: FilterQuery): Promise<Rows<SeenPayment>> {
  const filters = { ...paymentFilters(query), side: sideOf(query) };
  return {
    readPage: (part) => listAllPayments(readers, filters, part),
    count: (part) => countAllPayments(readers, filters, part),
  };
}

function open(parts: AdminParts, { user, ...query }: PaymentFilterQuery): Promise<Rows<SeenPayment>> {
  if (user === undefined && query.direction !== undefined) {
    throw lacks('direction', 'must come with user');
  }
  if (user !== undefined) {
    return openOfUser(parts, user, query);
  }
  const { with: side, ...others } = query;
  return side === undefined ? openOfAll(parts, others) : openOfUser(parts, side, others);
}

const columns = [
  'id',
  'createdAt',
  'kind',
  'from',
  'to',
  'sentAmount',
  'sentCurrency',
  'receivedAmount',
  'receivedCurrency',
  'rate',
  'ratesAsOf',
  'ratesSource',
  'memo',
  'requestId',
  'refundOf',
  'corrects',
  'refundedAmount',
] as const;

/** Everybody's payments. */
export function paymentList(parts: AdminParts): List<SeenPayment> {
  return {
    name: 'admin/payments',
    lists: parts.lists,
    open: async (filters) => open(parts, filters as PaymentFilterQuery),
    idOf: ({ payment }) => String(payment.id),
    jsonOf: adminPaymentJson,
    csv: {
      columns,
      cellsOf(seen) {
        const { sent, received, refunded, correctedBy: _, ...payment } = adminPaymentJson(seen);
        return {
          ...payment,
          sentAmount: sent.amount,
          sentCurrency: sent.currency,
          receivedAmount: received.amount,
          receivedCurrency: received.currency,
          refundedAmount: refunded?.amount ?? null,
        };
      },
    },
  };
}
