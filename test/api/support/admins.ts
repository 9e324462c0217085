import { randomUUID } from 'node:crypto';
import type { ApiServer } from './api-server.js';
import type { Reply } from './client.js';
import { runSql } from './database.js';
import { newPerson, type Person } from './people.js';

/** An administrator who was not made by another. */
export async function newAdmin(server: ApiServer, currency = 'GBP'): Promise<Person> {
  const admin = await newPerson(server, currency, 'admin');
  await runSql(server, "update users set role = 'admin' where id = ?", [admin.id]);
  return admin;
}

/** An administrator's change of a user: freezing, unfreezing, promoting, demoting. */
export function changeUser(
  { ask }: ApiServer,
  admin: Pick<Person, 'token'>,
  { username }: Pick<Person, 'username'>,
  change: { readonly status?: 'active' | 'frozen'; readonly role?: 'user' | 'admin' },
): Promise<Reply> {
  const send = { ...change, reason: 'because' };
  return ask(`/v1/admin/users/${encodeURIComponent(username)}`, {
    method: 'PATCH',
    token: admin.token,
    send,
  });
}

/** An administrator's credit or debit of a user, under a new key where none is given. */
export function adjust(
  { ask }: ApiServer,
  admin: Pick<Person, 'token'>,
  send: { readonly username: string; readonly amount: string; readonly direction: 'credit' | 'debit' },
  key: string = randomUUID(),
): Promise<Reply> {
  return ask('/v1/admin/adjustments', { token: admin.token, key, send: { ...send, reason: 'because' } });
}
