import type { Database } from '../../../db/connect.js';
import type { UserRow } from '../../../db/tables/users.js';
import type { Clock } from '../../clock.js';
import { currencyOf } from '../../money/currency.js';
import { foldText } from '../../money/fold-text.js';
import { readAccount } from '../accounts/user-store.js';
import { amountBounds, historyFilters } from '../payments/history-query.js';
import { countCurrencies, findFirstPayment, sumAll } from './all-summary-store.js';
import { readNow, readSteps, readWhole, type Span, type Steps, spanOf } from './span.js';
import { isStepName } from './steps.js';
import type { AllSummaryQuery, Grouping, SummaryQuery } from './summary-query.js';
import { sumAccount } from './summary-store.js';
import { type SummaryJson, summaryJson } from './wire.js';

export interface SummaryParts {
  readonly readers: Database;
  readonly machineMicros: Clock;
}

function stepsOf(
  { readers }: SummaryParts,
  span: Span,
  { by, tz, groups }: { readonly by: Grouping; readonly tz: string; readonly groups?: number },
): Promise<Steps> {
  return isStepName(by)
    ? readSteps(readers, span, { step: by, timeZone: tz, ...(groups !== undefined && { groups }) })
    : readWhole(readers, span);
}

/** One user's payments summed. Throws INVALID_AMOUNT, and VALIDATION_FAILED for too many. */
export async function summarise(
  parts: SummaryParts,
  user: UserRow,
  query: SummaryQuery,
): Promise<SummaryJson> {
  const { readers, machineMicros } = parts;
  const { by, tz, since, until, ...filters } = query;
  const account = await readAccount(readers, user.id);
  const span = spanOf({ since, until }, user.created_at, await readNow(readers, machineMicros));
  const steps = await stepsOf(parts, span, { by, tz });
  const wanted = historyFilters(filters, currencyOf(account.currency));
  const sums = await sumAccount(readers, account, { by, filters: wanted, steps: steps.steps });
  return summaryJson({ by, tz, currency: account.currency, span, steps, sums });
}

/** Everybody's payments summed; `currency` is told of where nothing moved. Throws INVALID_AMOUNT, and VALIDATION_FAILED for too many. */
export async function summariseAll(
  parts: SummaryParts,
  query: AllSummaryQuery,
  currency: string,
): Promise<SummaryJson> {
  const { readers, machineMicros } = parts;
  const { by, tz, since, until, kind, q } = query;
  const now = await readNow(readers, machineMicros);
  const span = spanOf({ since, until }, (await findFirstPayment(readers)) ?? now, now);
  const groups = query.currency === undefined ? await countCurrencies(readers) : 1;
  const steps = await stepsOf(parts, span, { by, tz, groups });
  const sums = await sumAll(readers, {
    by,
    steps: steps.steps,
    filters: {
      kind,
      currency: query.currency,
      memoHolds: q === undefined ? undefined : foldText(q),
      ...(query.currency !== undefined && amountBounds(query, currencyOf(query.currency))),
    },
  });
  return summaryJson({ by, tz, currency: query.currency ?? currency, span, steps, sums });
}
