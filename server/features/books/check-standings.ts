import { readInOrder } from '../../../db/open/read-in-order.js';
import type { Snapshot } from '../../../db/open/snapshot.js';
import type { UserRow } from '../../../db/rows.js';
import type { Problems } from './problems.js';
import { type Standings, standingFaults } from './standings.js';

const columns = ['id', 'username', 'role', 'status'] as const;

/** Nobody is an administrator, or frozen, or is not, but by an act that is in the audit trail. */
export async function checkStandings(
  snapshot: Snapshot,
  standings: Standings,
  problems: Problems,
): Promise<void> {
  const expected = new Set(standings.names);
  const reading = {
    table: 'users' as const,
    columns,
    key: ['id'] as const,
    where: "(t.role <> 'user' or t.status <> 'active')",
  };
  for await (const page of readInOrder<Pick<UserRow, (typeof columns)[number]>>(snapshot, reading)) {
    for (const user of page) {
      expected.delete(user.username);
      problems.addAll(standingFaults(user, standings.of(user.username)), `user ${user.username}`);
    }
  }
  for (const name of expected) {
    const { role, status } = standings.of(name);
    problems.add(`user ${name} is not ${role} and ${status}, as the audit trail says`);
  }
}
