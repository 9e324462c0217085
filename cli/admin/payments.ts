import type { AdminPaymentJson } from '../../server/features/admin/wire.js';
import type { Run } from '../command.js';
import { type HistoryFilters, historyQuery, withTypedAmounts } from '../history/history-query.js';
import { type ListOptions, showListAs } from '../lists/show-list-as.js';
import { currencyCode } from '../terminal/amount.js';
import { findUser } from './act-on-user/ask-user.js';
import { adminPaymentCellNames, adminPaymentCells, adminPaymentColumns } from './admin-payment-text.js';

export interface PaymentsOptions extends HistoryFilters, ListOptions {
  readonly user?: string;
}

export const payments: Run<PaymentsOptions> = async (context, _operands, options) => {
  const { user, currency } = options;
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
