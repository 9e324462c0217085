import type { Filters } from '../api/operation.js';
import type { Context } from '../context.js';
import { typedAmount } from '../conversion/typed-amount.js';
import { type PeriodOptions, periodQuery } from '../lists/period-flags.js';
import { currencyCode } from '../terminal/amount.js';

type Query = Filters<'GET /v1/payments'>;

export interface HistoryFilters extends PeriodOptions {
  readonly direction?: NonNullable<Query['direction']>;
  readonly with?: string;
  readonly kind?: NonNullable<Query['kind']>;
  readonly currency?: string;
  readonly min?: string;
  readonly max?: string;
  readonly search?: string;
}

/**
 * The filters with their amounts as the one grammar has them; `currency` finds out which one these are in. @throws Failure
 */
export async function withTypedAmounts<Filters extends HistoryFilters>(
  context: Context,
  filters: Filters,
  currency: () => Promise<string>,
): Promise<Filters> {
  const { min, max } = filters;
  return {
    ...filters,
    ...(min !== undefined && { min: await typedAmount(context, min, currency) }),
    ...(max !== undefined && { max: await typedAmount(context, max, currency) }),
  };
}

/** The filters of the flags as query parameters of GET /v1/payments. @throws Failure (usage) */
export function historyQuery(filters: HistoryFilters, now: Date): Query {
  return {
    direction: filters.direction,
    with: filters.with,
    kind: filters.kind,
    currency: currencyCode(filters.currency),
    minAmount: filters.min,
    maxAmount: filters.max,
    ...periodQuery(filters, now),
    q: filters.search,
  };
}
