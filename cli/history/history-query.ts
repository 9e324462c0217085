import { type PeriodOptions, periodQuery } from '../lists/period-flags.js';
import { currencyCode } from '../terminal/amount.js';

export interface HistoryFilters extends PeriodOptions {
  readonly direction?: string;
  readonly with?: string;
  readonly kind?: string;
  readonly currency?: string;
  readonly min?: string;
  readonly max?: string;
  readonly search?: string;
}

const kindNames: Readonly<Record<string, string>> = { 'opening-credit': 'opening_credit' };

/** The filters of the flags as query parameters of GET /v1/payments. @throws Failure (usage) */
export function historyQuery(filters: HistoryFilters, now: Date): Record<string, string | undefined> {
  const { kind } = filters;
  return {
    direction: filters.direction,
    with: filters.with,
    kind: kind === undefined ? undefined : (kindNames[kind] ?? kind),
    currency: currencyCode(filters.currency),
    minAmount: filters.min,
    maxAmount: filters.max,
    ...periodQuery(filters, now),
    q: filters.search,
  };
}
