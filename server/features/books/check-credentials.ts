import { crc32 } from 'node:zlib';
import { readInOrder } from '../../../db/open/read-in-order.js';
import type { Snapshot } from '../../../db/open/snapshot.js';
import type { Rows } from '../../../db/rows.js';
import type { AuditRow } from '../../../db/tables/acts.js';
import { tables } from '../../../db/tables.js';
import { type CredentialTable, credentialName, credentialTables } from '../../ledger/credential-state.js';
import { AuditedCredentials } from './faults/audited-credentials.js';
import { idText } from './faults/names.js';
import type { Problems } from './faults/problems.js';

/** About so many credentials are kept at once; where there are more, the trail is followed several times, each time for a part of them. */
const keptAtOnce = 250_000;

/** Credentials in a sentence, by their keys: never anything that they are known by. */
const texts: { readonly [Table in CredentialTable]: (key: string) => string } = {
  users: (id) => `the password, email address or name of ${idText('usr', Number(id))}`,
  sessions: (id) => `session ${idText('ses', Number(id))}`,
  tokens: (id) => `token ${idText('tok', Number(id))}`,
  second_factors: (id) => `the second factor of ${idText('usr', Number(id))}`,
  invitations: (id) => `invitation ${idText('inv', Number(id))}`,
  webhooks: (id) => `webhook ${idText('whk', Number(id))}`,
  blocks: (key) => {
    const [blocker, blocked] = key.split('-').map((id) => idText('usr', Number(id)));
    return `the block of ${blocked} by ${blocker}`;
  },
};

/** A credential in a sentence, by its name in the trail. */
function textOf(name: string): string {
  const [table = '', key = ''] = name.split(' ');
  return texts[table as CredentialTable]?.(key) ?? name;
}

/** How many times the trail has to be followed. */
async function countParts(snapshot: Snapshot): Promise<number> {
  const counts = credentialTables.map((table) => `(select count(*) from ${table})`);
  const [row] = await snapshot.raw<{ count: number }>(`select ${counts.join(' + ')} as count`);
  return Math.max(1, Math.ceil((row?.count ?? 0) / keptAtOnce));
}

async function checkTable<Table extends CredentialTable>(
  snapshot: Snapshot,
  table: Table,
  audited: AuditedCredentials,
  problems: Problems,
): Promise<void> {
  const key = tables[table].primaryKey as readonly (keyof Rows[Table] & string)[];
  for await (const page of readInOrder<Rows[Table]>(snapshot, { table, key })) {
    for (const row of page) {
      const fault = audited.faultOf(table, row);
      problems.addAll(fault === undefined ? [] : [fault], textOf(credentialName(table, row)));
    }
  }
}

/** Checks that credentials are what acts of the audit trail have made them, and that none was made past it. */
export async function checkCredentials(snapshot: Snapshot, problems: Problems): Promise<void> {
  const parts = await countParts(snapshot);
  for (let part = 0; part < parts; part += 1) {
    const audited = new AuditedCredentials((name) => crc32(name) % parts === part);
    const acts = readInOrder<AuditRow>(snapshot, {
      table: 'audit',
      columns: ['id', 'action', 'actor_id', 'credentials'],
      key: ['id'],
      where: "(t.credentials is not null or t.action = 'second-factor.begun')",
    });
    for await (const page of acts) {
      for (const record of page) {
        audited.follow(record);
      }
    }
    for (const table of credentialTables) {
      await checkTable(snapshot, table, audited, problems);
    }
    for (const name of audited.unseen) {
      problems.add(`${textOf(name)} is not there, of which the audit trail tells`);
    }
  }
}
