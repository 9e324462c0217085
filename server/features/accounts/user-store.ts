import type { Database } from '../../../db/connect.js';
import { type Dialect, dialectOf } from '../../../db/dialect.js';
import { readTogether } from '../../../db/read-together.js';
import type { AccountRow, UserRow } from '../../../db/tables/users.js';
import { foldText } from '../../money/fold-text.js';

/** Usernames are compared in lower case, and email addresses searched so. */
export const nameKey = (name: string) => name.toLowerCase();

/** The display name as it is searched. */
export const foldedName = (displayName: string | null | undefined) =>
  displayName == null ? null : foldText(displayName);

/** The user of this name, in either letter case; undefined where there is none. */
export async function findUserByName(readers: Database, username: string): Promise<UserRow | undefined> {
  return readers<UserRow>('users')
    .where({ username_key: nameKey(username) })
    .first();
}

/** The user of this number. Throws an Error where there is none. */
export async function readUser(readers: Database, id: number): Promise<UserRow> {
  const user = await readers<UserRow>('users').where({ id }).first();
  if (!user) {
    throw new Error(`There is no user ${id}.`);
  }
  return user;
}

/** The account of a user. Throws an Error where there is none. */
export async function readAccount(readers: Database, userId: number): Promise<AccountRow> {
  const account = await readers<AccountRow>('accounts').where({ user_id: userId }).first();
  if (!account) {
    throw new Error(`User ${userId} has no account.`);
  }
  return account;
}

const userColumns = [
  'id',
  'username',
  'display_name',
  'email',
  'role',
  'status',
  'currency',
  'created_at',
] as const;

/** A user as they see themselves, with the account that their money is in. */
export type UserWithAccount = Pick<UserRow, (typeof userColumns)[number]> & Pick<AccountRow, 'balance'>;

type ValuesOf<Columns extends readonly (keyof UserRow)[]> = {
  [Place in keyof Columns]: UserRow[Columns[Place]];
};

type Values = readonly [...ValuesOf<typeof userColumns>, AccountRow['balance']];

function userOf(values: Values): UserWithAccount {
  const [id, username, display_name, email, role, status, currency, created_at, balance] = values;
  return { id, username, display_name, email, role, status, currency, created_at, balance };
}

/** All rows as one text, since the drivers take longer for each of so many columns than to read the text takes. */
const selectUsersWithAccounts = ({ listed, joinEach, jsonArray, jsonList, jsonText }: Dialect) =>
  `select ${jsonText(jsonList(jsonArray([...userColumns.map((column) => `u.${column}`), 'a.balance'])))} as found from ${listed('bigint')} ` +
  `${joinEach} users as u on u.id = k.value ${joinEach} accounts as a on a.user_id = u.id`;

/** Makes the look at one user with their account; those that are wanted at the same time are read by one statement. */
export function makeUserReader(readers: Database): (id: number) => Promise<UserWithAccount> {
  const sql = selectUsersWithAccounts(dialectOf(readers));
  const find = readTogether<UserWithAccount, number>(
    async (ids) => {
      const [{ found }] = (await readers.raw(sql, [JSON.stringify(ids)])) as [{ readonly found: string }];
      return (JSON.parse(found) as readonly Values[]).map(userOf);
    },
    ({ id }) => id,
  );
  return async (id) => {
    const user = await find(id);
    if (!user) {
      throw new Error(`There is no user ${id} with an account.`);
    }
    return user;
  };
}
