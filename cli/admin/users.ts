import type { Filters } from '../api/operation.js';
import type { Run } from '../command.js';
import { type ListOptions, showListAs } from '../lists/show-list-as.js';
import { currencyCode } from '../terminal/amount.js';
import { userCellNames, userCells, userColumns } from './act-on-user/user-text.js';

export interface UsersOptions extends ListOptions {
  readonly search?: string;
  readonly role?: NonNullable<Filters<'GET /v1/admin/users'>['role']>;
  readonly status?: NonNullable<Filters<'GET /v1/admin/users'>['status']>;
  readonly currency?: string;
}

export const users: Run<UsersOptions> = async (context, _operands, options) => {
  const { search, role, status, currency } = options;
  const wanted = {
    list: 'GET /v1/admin/users' as const,
    query: { q: search, role, status, currency: currencyCode(currency) },
    things: 'users',
    isCounted: true,
    columns: () => userColumns(context),
    cells: userCells,
    names: userCellNames,
    empty: 'There are no such users.',
  };
  await showListAs(context, wanted, options);
};
