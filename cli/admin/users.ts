import type { UserJson } from '../../server/features/accounts/wire.js';
import type { Run } from '../command.js';
import { type ListOptions, showListAs } from '../lists/show-list-as.js';
import { currencyCode } from '../terminal/amount.js';
import { userCellNames, userCells, userColumns } from './act-on-user/user-text.js';

export interface UsersOptions extends ListOptions {
  readonly search?: string;
  readonly role?: string;
  readonly status?: string;
  readonly currency?: string;
}

export const users: Run<UsersOptions> = async (context, _operands, options) => {
  const { search, role, status, currency } = options;
  const wanted = {
    path: '/v1/admin/users',
    query: { q: search, role, status, currency: currencyCode(currency) },
    things: 'users',
    isCounted: true as const,
    columns: () => userColumns(context),
    cells: userCells,
    names: userCellNames,
    empty: 'There are no such users.',
  };
  await showListAs<UserJson>(context, wanted, options);
};
