import type { Snapshot } from '../../../db/open/snapshot.js';
import type { LimitRow, UserRow } from '../../../db/tables/users.js';
import type { AuditedFigures } from './faults/audited-figures.js';
import type { Problems } from './faults/problems.js';

/** How many names are looked up at once. */
const namesAtOnce = 500;

/** Checks that limits and email addresses are what acts of the audit trail have made them. */
export async function checkFigures(
  snapshot: Snapshot,
  auditedFigures: AuditedFigures,
  problems: Problems,
): Promise<void> {
  const limits = await snapshot.raw<LimitRow & { readonly username: string | null }>(
    'select l.*, u.username from limits as l left join users as u on u.id = l.user_id',
  );
  problems.addAll(auditedFigures.limitFaults(limits), 'limits:');
  const names = auditedFigures.usersWithEmail;
  for (let at = 0; at < names.length; at += namesAtOnce) {
    const some = names.slice(at, at + namesAtOnce);
    const users = await snapshot.raw<Pick<UserRow, 'username' | 'email'>>(
      `select username, email from users where username in (${some.map(() => '?').join(', ')})`,
      some,
    );
    for (const user of users) {
      const fault = auditedFigures.emailFault(user);
      problems.addAll(fault === undefined ? [] : [fault], `user ${user.username}`);
    }
  }
}
