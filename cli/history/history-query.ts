import type { Filters } from '../api/operation.js';
import { type PeriodOptions, periodQuery } from '../lists/period-flags.js';
import { currencyCode } from '../terminal/amount.js';

type Query = Filters<'GET /v1/payments'>;
type Kind = NonNullable<Query['kind']>;

export interface HistoryFilters extends PeriodOptions {
  readonly direction?: NonNullable<Query['direction']>;
  readonly with?: string;
  readonly kind?: Kind | 'opening-credit';
  readonly currency?: string;
  readonly min?: string;
  readonly max?: string;
  readonly search?: string;
}

/** The filters of the flags as query parameters of GET /v1/payments. @throws Failure (usage) */
export function historyQuery(filters: HistoryFilters, now: Date): Query {
  const { kind } = filters;
  return {
    direction: filters.direction,
    with: filters.with,
    kind: kind === 'opening-credit' ? 'opening_credit' : kind,
    currency: currencyCode(filters.currency),
    minAmount: filters.min,
    maxAmount: filters.max,
    ...periodQuery(filters, now),
    q: filters.search,
  };
}
