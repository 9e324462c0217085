import * as z from 'zod';
import type { List } from '../../http/answer/list-answer.js';
import { pageQuery } from '../../http/contract/page.js';
import { currencyCodeSchema } from '../../money/fields.js';
import { foldText } from '../../money/fold-text.js';
import { userJson } from '../accounts/wire.js';
import type { AdminParts } from './admin-parts.js';
import { countUsers, type ListedUser, listUsers } from './user-list-store.js';

const filterQuery = {
  q: z.string().min(1).max(254).optional().meta({
    description:
      'Text in the username, the email address or the display name, regardless of case and of how letters are composed.',
  }),
  role: z.enum(['user', 'admin']).optional(),
  status: z.enum(['active', 'frozen']).optional(),
  currency: currencyCodeSchema.optional(),
};

export const userQuerySchema = z.strictObject({ ...pageQuery, ...filterQuery });

type UserFilterQuery = Omit<z.output<typeof userQuerySchema>, keyof typeof pageQuery>;

const columns = [
  'id',
  'username',
  'displayName',
  'email',
  'role',
  'status',
  'currency',
  'balance',
  'createdAt',
] as const;

const jsonOf = ({ user, account }: ListedUser) => userJson(user, account);

/** Every account with its balance. */
export function userList({ lists, lists: { readers } }: AdminParts): List<ListedUser> {
  return {
    name: 'admin/users',
    lists,
    async open(filters) {
      const { q, ...exact } = filters as UserFilterQuery;
      const wanted = { ...exact, holds: q === undefined ? undefined : foldText(q) };
      return {
        readPage: (part) => listUsers(readers, wanted, part),
        count: (part) => countUsers(readers, wanted, part),
      };
    },
    idOf: ({ user }) => String(user.id),
    jsonOf,
    csv: {
      columns,
      cellsOf(listed) {
        const { balance, ...user } = jsonOf(listed);
        return { ...user, balance: balance.amount };
      },
    },
  };
}
