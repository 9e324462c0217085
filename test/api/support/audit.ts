import { randomUUID } from 'node:crypto';
import { auditBooks } from '../../ledger/support/audit.js';
import { readTables } from '../../program/support/tables.js';
import type { Asked, Client, Reply } from './client.js';
import { runSql } from './database.js';
import type { Person } from './people.js';

type Server = Client & { readonly dataDir: string };

/** Asks under a request id of its own, and gives the records that the audit trail then has of it. */
export async function askRecorded(
  server: Server,
  path: string,
  asked: Asked = {},
): Promise<{
  readonly reply: Reply;
  readonly requestId: string;
  readonly records: readonly Reply['json'][];
}> {
  const requestId = randomUUID();
  const headers = { ...asked.headers, 'x-request-id': requestId };
  const reply = await server.ask(path, { ...asked, headers });
  const records = await runSql(server, 'select * from audit where request_id = ?', [requestId]);
  return { reply, requestId, records };
}

/** The faults of the books of a server and their audit trail; empty when nothing is. */
export const faultsOf = async (server: Server) => auditBooks(await readTables(server.dataDir));

/** The audit trail as an administrator reads it under these parameters. */
export async function trailOf({ ask }: Client, admin: Person, query = ''): Promise<Reply> {
  return ask(`/v1/admin/audit?${query}`, { token: admin.token });
}
