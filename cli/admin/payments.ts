import type { AdminPaymentJson } from '../../server/features/admin/wire.js';
import type { Run } from '../command.js';
import { type HistoryFilters, historyQuery } from '../history/history-query.js';
import { type ListOptions, showListAs } from '../lists/show-list-as.js';
import { adminPaymentCellNames, adminPaymentCells, adminPaymentColumns } from './admin-payment-text.js';

export interface PaymentsOptions extends HistoryFilters, ListOptions {
  readonly user?: string;
}

export const payments: Run<PaymentsOptions> = async (context, _operands, options) => {
  const wanted = {
    list: 'GET /v1/admin/payments' as const,
    query: { user: options.user, ...historyQuery(options, context.now()) },
    things: 'payments',
    isCounted: true,
    columns: (items: readonly AdminPaymentJson[]) => adminPaymentColumns(context, items),
    cells: adminPaymentCells,
    names: adminPaymentCellNames,
    empty: 'There are no such payments.',
  };
  await showListAs(context, wanted, options);
};
