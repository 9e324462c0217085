import { randomUUID } from 'node:crypto';
import { payServer } from '../../db/support/processes.js';
import { databaseEnvironment } from '../../support/engine.js';
import type { SharedServer } from './api-server.js';
import type { Reply } from './client.js';
import { changeRows, numberOf } from './database.js';
import { freshName, goodPassword, logIn, newPerson, type Person } from './people.js';

/** An administrator as the first one is made: from the server's own machine, with the record of it in the audit trail. */
export async function realAdmin(server: SharedServer): Promise<Person> {
  const username = freshName('admin');
  const email = `${username}@example.org`;
  const who = ['--username', username, '--email', email, '--password-stdin'];
  // Loaded where it is needed: most administrators are made by the shorter way.
  const { execa } = await import('execa');
  await execa(payServer, ['admin', 'create', '--data', server.dataDir, '--time-port', '0', ...who], {
    input: `${goodPassword}\n`,
    env: databaseEnvironment(server.dataDir),
  });
  const token = await logIn(server, username);
  const { json } = await server.ask('/v1/me', { token });
  return { id: json.id, username, email, password: goodPassword, currency: 'GBP', token };
}

/** An administrator by a shorter way, of whom the audit trail knows nothing: not where the books are checked. */
export async function newAdmin(server: SharedServer, currency = 'GBP'): Promise<Person> {
  const admin = await newPerson(server, currency, 'admin');
  await changeRows(server, "update users set role = 'admin' where id = ?", [numberOf(admin.id)]);
  return admin;
}

/** An administrator's change of a user: freezing, unfreezing, promoting, demoting. */
export function changeUser(
  { ask }: SharedServer,
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
  { ask }: SharedServer,
  admin: Pick<Person, 'token'>,
  send: { readonly username: string; readonly amount: string; readonly direction: 'credit' | 'debit' },
  key: string = randomUUID(),
): Promise<Reply> {
  return ask('/v1/admin/adjustments', { token: admin.token, key, send: { ...send, reason: 'because' } });
}
