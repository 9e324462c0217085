import * as z from 'zod';
import { microsOf } from '../../clock.js';
import { boundedQuery } from '../../http/contract/bounded-query.js';
import { pageQuery } from '../../http/contract/page.js';
import type { Currency } from '../../money/currency.js';
import { amountTextSchema, currencyCodeSchema, instantSchema } from '../../money/fields.js';
import { foldText } from '../../money/fold-text.js';
import { nameKey } from '../accounts/user-store.js';
import { usernameSchema } from '../accounts/wire.js';
import { amountField } from '../conversion/amount-field.js';
import type { HistoryFilters, PaymentFilters } from './payment-store.js';
import { paymentKinds } from './wire.js';

/** The filters of a history, as they travel. */
export const filterQuery = {
  direction: z.enum(['sent', 'received']).optional(),
  with: usernameSchema.optional().meta({ description: 'Only with this other side.' }),
  kind: z.enum(paymentKinds).optional(),
  currency: currencyCodeSchema.optional().meta({ description: 'Of either side.' }),
  minAmount: amountTextSchema.optional().meta({ description: "Inclusive, in the viewer's currency." }),
  maxAmount: amountTextSchema.optional().meta({ description: "Inclusive, in the viewer's currency." }),
  since: instantSchema.optional().meta({ description: 'Inclusive.' }),
  until: instantSchema.optional().meta({ description: 'Exclusive.' }),
  q: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .meta({ description: 'Text in the memo, regardless of case and of how letters are composed.' }),
};

export const historyQuerySchema = boundedQuery({ ...pageQuery, ...filterQuery });

export type HistoryQuery = z.output<typeof historyQuerySchema>;
export type FilterQuery = Omit<HistoryQuery, 'limit' | 'cursor'>;

/** The filters that are of the payment alone, in the units of the store. */
export function paymentFilters(query: FilterQuery): PaymentFilters {
  return {
    kind: query.kind,
    currency: query.currency,
    sinceMicros: query.since === undefined ? undefined : microsOf(query.since),
    untilMicros: query.until === undefined ? undefined : microsOf(query.until),
    memoHolds: query.q === undefined ? undefined : foldText(query.q),
  };
}

/** The bounds of an amount in minor units of the currency. Throws INVALID_AMOUNT. */
export function amountBounds(
  { minAmount, maxAmount }: FilterQuery,
  currency: Currency,
): Pick<HistoryFilters, 'minMinor' | 'maxMinor'> {
  return {
    minMinor: minAmount === undefined ? undefined : amountField('minAmount', minAmount, currency),
    maxMinor: maxAmount === undefined ? undefined : amountField('maxAmount', maxAmount, currency),
  };
}

/** The filters in the units of the store. Throws INVALID_AMOUNT. */
export function historyFilters(query: FilterQuery, currency: Currency): HistoryFilters {
  return {
    ...paymentFilters(query),
    ...amountBounds(query, currency),
    direction: query.direction,
    with: query.with && nameKey(query.with),
  };
}
