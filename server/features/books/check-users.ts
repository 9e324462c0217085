import { readInOrder } from '../../../db/open/read-in-order.js';
import type { Snapshot } from '../../../db/open/snapshot.js';
import type { UserRow } from '../../../db/tables/users.js';
import { type AuditedUsers, userFaults } from './faults/audited-users.js';
import type { Problems } from './faults/problems.js';

const columns = ['id', 'username', 'role', 'status'] as const;

/** Checks that nobody is an administrator, or frozen, or is not, but by an act that is in the audit trail. */
export async function checkUsers(
  snapshot: Snapshot,
  auditedUsers: AuditedUsers,
  problems: Problems,
): Promise<void> {
  const expected = new Set(auditedUsers.names);
  const reading = {
    table: 'users' as const,
    columns,
    key: ['id'] as const,
    where: "(t.role <> 'user' or t.status <> 'active')",
  };
  for await (const page of readInOrder<Pick<UserRow, (typeof columns)[number]>>(snapshot, reading)) {
    for (const user of page) {
      expected.delete(user.username);
      problems.addAll(userFaults(user, auditedUsers.of(user.username)), `user ${user.username}`);
    }
  }
  for (const name of expected) {
    const { role, status } = auditedUsers.of(name);
    problems.add(`user ${name} is not ${role} and ${status}, as the audit trail says`);
  }
}
