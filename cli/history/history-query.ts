import { isMore } from '../../server/money/fraction.js';
import { hasAmountForm } from '../../server/money/parse.js';
import type { Filters } from '../api/operation.js';
import type { Context } from '../context.js';
import { typedAmount } from '../conversion/typed-amount.js';
import { Failure } from '../failure/failure.js';
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

const isAmount = (text: string | undefined): text is string => text !== undefined && hasAmountForm(text);

/** Refuses bounds that leave no amount between them; what is no amount, whoever knows the currency tells. @throws Failure (usage) */
function refuseEmptyRange({ min, max }: HistoryFilters): void {
  if (isAmount(min) && isAmount(max) && isMore(min, max)) {
    throw new Failure('usage', `No amount lies between --min ${min} and --max ${max}.`, {
      next: ['Give the smaller amount to --min'],
    });
  }
}

/** The filters of the flags as query parameters of GET /v1/payments. @throws Failure (usage) */
export function historyQuery(filters: HistoryFilters, now: Date): Query {
  refuseEmptyRange(filters);
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
