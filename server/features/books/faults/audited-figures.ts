import { isDeepStrictEqual } from 'node:util';
import type { AuditRow } from '../../../../db/tables/acts.js';
import type { LimitRow, UserRow } from '../../../../db/tables/users.js';
import { limitJson } from '../../limits/wire.js';
import { objectIn } from './object-in.js';

type Record = Pick<AuditRow, 'action' | 'subject' | 'after'>;

/** The limits and email addresses as the newest acts of the audit trail say; nothing of those that were never changed. */
export class AuditedFigures {
  readonly #limits = new Map<string, unknown>();
  readonly #emails = new Map<string, string>();

  /** Takes in the next record of the trail. */
  follow({ action, subject, after }: Record): void {
    if (subject === null || after === null) {
      return;
    }
    if (action === 'limits.changed') {
      this.#limits.set(subject, objectIn(after));
    } else if (action === 'profile.changed') {
      const { email } = objectIn(after) as { readonly email?: string };
      if (email !== undefined) {
        this.#emails.set(subject, email);
      }
    }
  }

  get usersWithEmail(): readonly string[] {
    return [...this.#emails.keys()];
  }

  emailFault({ username, email }: Pick<UserRow, 'username' | 'email'>): string | undefined {
    const trail = this.#emails.get(username);
    return trail === undefined || trail === email
      ? undefined
      : 'has another email address than the audit trail says';
  }

  /** The faults of limits; each with the name of the user whose own it is, null for that of a currency. */
  limitFaults(rows: readonly (LimitRow & { readonly username: string | null })[]): readonly string[] {
    const nameOf = (row: (typeof rows)[number]) => row.username ?? row.currency;
    const there = new Set<string>();
    const twice = new Set<string>();
    for (const name of rows.map(nameOf)) {
      (there.has(name) ? twice : there).add(name);
    }
    const changed = rows.flatMap((row) => {
      const name = nameOf(row);
      const { perPayment, perDay } = limitJson(row, row.username);
      // A user may be called like a currency, and the trail names both alike.
      return twice.has(name) || isDeepStrictEqual(this.#limits.get(name), { perPayment, perDay })
        ? []
        : [`the limits of ${name} are others than the audit trail says`];
    });
    const gone = [...this.#limits.keys()].filter((name) => !there.has(name));
    return [...changed, ...gone.map((name) => `the limits of ${name} are gone, which the audit trail has`)];
  }
}
