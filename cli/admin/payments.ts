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
    path: '/v1/admin/payments',
    query: { user: options.user, ...historyQuery(options, context.now()) },
    things: 'payments',
    isCounted: true as const,
    columns: (items: readonly AdminPaymentJson[]) => adminPaymentColumns(context, items),
    cells: adminPaymentCells,
    names: adminPaymentCellNames,
    empty: 'There are no such payments.',
  };
  await showListAs<AdminPaymentJson>(context, wanted, options);
};
