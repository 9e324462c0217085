import type { Knex } from 'knex';
import type { Database } from '../../../db/connect.js';
import { countRows } from '../../../db/count-rows.js';
import { dialectOf } from '../../../db/dialect.js';
import type { AccountRow, UserRow } from '../../../db/tables/users.js';

export interface UserFilters {
  /** Text that the username, the email address or the display name holds, folded. */
  readonly holds?: string | undefined;
  readonly role?: UserRow['role'] | undefined;
  readonly status?: UserRow['status'] | undefined;
  readonly currency?: string | undefined;
}

export interface ListedUser {
  readonly user: UserRow;
  readonly account: Pick<AccountRow, 'balance' | 'currency'>;
}

const searched = ['u.username_key', 'u.email_key', 'u.display_name_folded'] as const;

type ListedRow = UserRow & Pick<AccountRow, 'balance'>;

function usersQuery(
  readers: Database,
  { holds, ...exact }: UserFilters,
  page: { readonly after: string | undefined; readonly limit: number },
): Knex.QueryBuilder {
  const query = readers('users as u')
    .join('accounts as a', 'a.user_id', 'u.id')
    .select('u.*', 'a.balance')
    .orderBy('u.id', 'desc')
    .limit(page.limit);
  for (const [column, value] of Object.entries(exact)) {
    if (value !== undefined) {
      query.where(`u.${column}`, value);
    }
  }
  if (holds !== undefined) {
    query.where((any) => {
      for (const column of searched) {
        any.orWhereRaw(dialectOf(readers).holds('??'), [column, holds]);
      }
    });
  }
  if (page.after !== undefined) {
    query.where('u.id', '<', Number(page.after));
  }
  return query;
}

/** Everybody's accounts, newest first, from after the user `after`. */
export async function listUsers(...asked: Parameters<typeof usersQuery>): Promise<readonly ListedUser[]> {
  const rows: ListedRow[] = await usersQuery(...asked);
  return rows.map(({ balance, ...user }) => ({ user, account: { balance, currency: user.currency } }));
}

export const countUsers = (...asked: Parameters<typeof usersQuery>): Promise<number> =>
  countRows(asked[0], usersQuery(...asked));
