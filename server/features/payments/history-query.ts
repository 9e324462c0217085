import { z } from 'zod';
import { pageQuery } from '../../http/page.js';
import type { Currency } from '../../money/currency.js';
import { nameKey } from '../accounts/user-store.js';
import { usernameSchema } from '../accounts/wire.js';
import { amountField, amountTextSchema } from '../conversion/amount-field.js';
import { currencyCodeSchema } from '../conversion/currency-field.js';
import type { HistoryFilters, PaymentFilters } from './payment-store.js';
import { paymentKinds } from './wire.js';

/** RFC 3339, in any offset. */
export const instantSchema = z.iso
  .datetime({ offset: true, error: 'must be an RFC 3339 time such as 2026-11-22T18:00:00Z' })
  .meta({ examples: ['2026-11-22T18:00:00Z'] });

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
  q: z.string().min(1).max(500).optional().meta({ description: 'Text in the memo, regardless of case.' }),
};

export const historyQuerySchema = z.strictObject({ ...pageQuery, ...filterQuery });

export type HistoryQuery = z.output<typeof historyQuerySchema>;
export type FilterQuery = Omit<HistoryQuery, 'limit' | 'cursor'>;

/**
 * The first whole microsecond at or after an RFC 3339 time, whose fraction may be finer. Payments have whole ones,
 * so nothing lies between the two, and comparing with either is the same.
 */
export function microsOf(instant: string): number {
  const fraction = /\.(\d+)/.exec(instant)?.[1] ?? '';
  const seconds = Date.parse(instant.replace(/\.\d+/, ''));
  const isFiner = /[1-9]/.test(fraction.slice(6));
  return seconds * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0')) + (isFiner ? 1 : 0);
}

/** The filters that are of the payment alone, in the units of the store. */
export function paymentFilters(query: FilterQuery): PaymentFilters {
  return {
    kind: query.kind,
    currency: query.currency,
    sinceMicros: query.since === undefined ? undefined : microsOf(query.since),
    untilMicros: query.until === undefined ? undefined : microsOf(query.until),
    memoHolds: query.q?.toLowerCase(),
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
