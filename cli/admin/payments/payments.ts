import type { AdminPaymentJson } from '../../../server/features/admin/wire.js';
import type { Run } from '../../command.js';
import { Failure } from '../../failure/failure.js';
import { type HistoryFilters, historyQuery, withTypedAmounts } from '../../history/history-query.js';
import { type ListOptions, showListAs } from '../../lists/show-list-as.js';
import { currencyCode } from '../../terminal/amount.js';
import { checkUsers, findUser } from '../act-on-user/ask-user.js';
import { adminPaymentCellNames, adminPaymentCells, adminPaymentColumns } from './admin-payment-text.js';

export interface PaymentsOptions extends HistoryFilters, ListOptions {
  readonly user?: string;
}

/**
 * Refuses filters that say nothing without a user: which way a payment went, and bounds of amounts whose currency nobody named.
 * @throws Failure (usage)
 */
function refuseLoneFilters({ user, direction, min, max, currency, ...filters }: PaymentsOptions): void {
  if (user === undefined && direction !== undefined) {
    throw new Failure('usage', '--direction goes with --user, whose payments it is about.');
  }
  const bound = min === undefined ? '--max' : '--min';
  const isOfNoCurrency = [user, filters.with, currency].every((given) => given === undefined);
  if ((min !== undefined || max !== undefined) && isOfNoCurrency) {
    throw new Failure(
      'usage',
      `${bound} goes with --user, --with or --currency, which say what it is an amount of.`,
    );
  }
}

export const payments: Run<PaymentsOptions> = async (context, _operands, options) => {
  const { user, currency } = options;
  refuseLoneFilters(options);
  await checkUsers(context, user, options.with);
  const filters = await withTypedAmounts(context, options, async () =>
    user === undefined ? (currencyCode(currency) ?? '') : (await findUser(context, user)).currency,
  );
  const wanted = {
    list: 'GET /v1/admin/payments' as const,
    query: { user, ...historyQuery(filters, context.now()) },
    things: 'payments',
    isCounted: true,
    columns: (items: readonly AdminPaymentJson[]) => adminPaymentColumns(context, items),
    cells: adminPaymentCells,
    names: adminPaymentCellNames,
    empty: 'There are no such payments.',
  };
  await showListAs(context, wanted, options);
};
