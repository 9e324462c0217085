import { readInOrder } from '../../../db/open/read-in-order.js';
import type { Snapshot } from '../../../db/open/snapshot.js';
import type { AuditRow } from '../../../db/tables/acts.js';
import { auditHash } from '../../ledger/chain.js';
import type { AuditedFigures } from './faults/audited-figures.js';
import type { AuditedUsers } from './faults/audited-users.js';
import { Chains } from './faults/chains.js';
import { idText } from './faults/names.js';
import type { Problems } from './faults/problems.js';
import { readHeads } from './heads.js';

/** Follows the chain of hashes of the audit trail, and what it says of users, of limits and of email addresses. */
export async function checkAudit(
  snapshot: Snapshot,
  problems: Problems,
  audited: readonly (AuditedUsers | AuditedFigures)[],
  onPage: (rows: number) => void,
): Promise<void> {
  // What moves money carries the timestamp service's time, all else the machine's.
  const chains = new Chains({ mayRunBack: true });
  const reading = { table: 'audit', key: ['id'] } as const;
  for await (const page of readInOrder<AuditRow>(snapshot, reading)) {
    for (const record of page) {
      const { chain, position, hash, at } = record;
      const hashAfter = (previousHash: string) => auditHash(record, previousHash);
      const faults = chains.faultsOfNext({ chain, position, hash, at, hashAfter });
      problems.addAll(faults, `audit record ${idText('aud', record.id)}`);
      for (const one of audited) {
        one.follow(record);
      }
    }
    onPage(page.length);
  }
  problems.addAll(chains.faultsOfEnds(await readHeads(snapshot, 'audit')), 'audit trail:');
}
