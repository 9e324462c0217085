import type { Database } from '../../db/connect.js';
import type { AccountRow, UserRow } from '../../db/rows.js';

/** Usernames and email addresses are compared in lower case. */
export const nameKey = (name: string) => name.toLowerCase();

export async function findUserByName(readers: Database, username: string): Promise<UserRow | undefined> {
  return readers<UserRow>('users')
    .where({ username_key: nameKey(username) })
    .first();
}

export async function readUser(readers: Database, id: number): Promise<UserRow> {
  const user = await readers<UserRow>('users').where({ id }).first();
  if (!user) {
    throw new Error(`There is no user ${id}.`);
  }
  return user;
}

export async function readAccount(readers: Database, userId: number): Promise<AccountRow> {
  const account = await readers<AccountRow>('accounts').where({ user_id: userId }).first();
  if (!account) {
    throw new Error(`User ${userId} has no account.`);
  }
  return account;
}

export async function isEmailTaken(readers: Database, email: string): Promise<boolean> {
  return (
    (await readers<UserRow>('users')
      .where({ email_key: nameKey(email) })
      .first('id')) !== undefined
  );
}
