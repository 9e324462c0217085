import type { ApiServer } from './api-server.js';
import { runSql } from './database.js';
import { newPerson, type Person } from './people.js';

/** An administrator who was not made by another. */
export async function newAdmin(server: ApiServer, currency = 'GBP'): Promise<Person> {
  const admin = await newPerson(server, currency, 'admin');
  await runSql(server, "update users set role = 'admin' where id = ?", [admin.id]);
  return admin;
}
