import type { AuditRow } from '../../../../db/tables/acts.js';
import type { UserRow } from '../../../../db/tables/users.js';
import { faultsOf } from './problems.js';

/** The role and the status of a user. */
export type RoleAndStatus = Pick<UserRow, 'role' | 'status'>;

/** The role and the status of users who are not registered as administrators. */
const beginning: RoleAndStatus = { role: 'user', status: 'active' };

const changes: Readonly<Record<string, Partial<RoleAndStatus>>> = {
  'admin.registered': { role: 'admin' },
  'user.promoted': { role: 'admin' },
  'user.demoted': { role: 'user' },
  'user.frozen': { status: 'frozen' },
  'user.unfrozen': { status: 'active' },
};

/** The users as the audit trail tells of them: only those whose role or status is another than they began with, or was. */
export class AuditedUsers {
  readonly #byName = new Map<string, RoleAndStatus>();

  /** Takes in the next record of the trail. */
  follow({ action, subject }: Pick<AuditRow, 'action' | 'subject'>): void {
    const change = changes[action];
    if (change !== undefined && subject !== null) {
      this.#byName.set(subject, { ...this.of(subject), ...change });
    }
  }

  of(username: string): RoleAndStatus {
    return this.#byName.get(username) ?? beginning;
  }

  /** The names of those that stand otherwise than they began. */
  get names(): readonly string[] {
    return [...this.#byName]
      .filter(([, { role, status }]) => role !== beginning.role || status !== beginning.status)
      .map(([name]) => name);
  }
}

/** The faults of a user against what the audit trail says of them. */
export function userFaults({ role, status }: RoleAndStatus, trail: RoleAndStatus): readonly string[] {
  return faultsOf([
    role !== trail.role && `has the role ${role}, where the audit trail says ${trail.role}`,
    status !== trail.status && `is ${status}, where the audit trail says ${trail.status}`,
  ]);
}
