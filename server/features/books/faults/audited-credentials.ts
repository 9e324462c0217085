import type { Rows } from '../../../../db/rows.js';
import type { AuditRow } from '../../../../db/tables/acts.js';
import {
  type CredentialStates,
  type CredentialTable,
  credentialName,
  stateOf,
} from '../../../ledger/credential-state.js';
import type { Action } from '../../../ledger/record-act.js';
import { objectIn } from './object-in.js';

type Record = Pick<AuditRow, 'action' | 'actor_id' | 'credentials'>;

/** The acts that make rows of a table with numbers: whatever is newer than the first that says what it made, was made by one. */
const making: Partial<globalThis.Record<Action, CredentialTable>> = {
  'user.registered': 'users',
  'admin.registered': 'users',
  'session.opened': 'sessions',
  'token.created': 'tokens',
  'invitation.created': 'invitations',
  'webhook.created': 'webhooks',
};

/** The table and the number of a credential's name. */
function partsOf(name: string): { readonly table: string; readonly id: number } {
  const [table = '', id = ''] = name.split(' ');
  return { table, id: Number(id) };
}

/**
 * What the newest acts of the audit trail say that credentials are. Acts of older versions say nothing, and neither do acts of
 * credentials that only they made: those are not judged.
 */
export class AuditedCredentials {
  readonly #states = new Map<string, string | null>();
  /** The number of the first row of each table of which the act that made it says what it is. */
  readonly #firstMade = new Map<string, number>();
  /** The users whose second factors were begun by acts of older versions. */
  readonly #olderFactors = new Set<number>();
  readonly #isOurs: (name: string) => boolean;

  /** Only credentials with names that are ours are kept: there may be too many to keep all at once. */
  constructor(isOurs: (name: string) => boolean = () => true) {
    this.#isOurs = isOurs;
  }

  /** Takes in the next record of the trail. */
  follow({ action, actor_id, credentials }: Record): void {
    if (credentials === null) {
      if (action === 'second-factor.begun' && actor_id !== null) {
        this.#olderFactors.add(actor_id);
      }
      return;
    }
    const made = making[action as Action];
    for (const [name, state] of Object.entries(objectIn(credentials) as CredentialStates)) {
      const { table, id } = partsOf(name);
      if (table === made && state !== null && !this.#firstMade.has(table)) {
        this.#firstMade.set(table, id);
      }
      if (this.#isOurs(name)) {
        this.#states.set(name, state);
      }
    }
  }

  /** Whether a row of which no act says anything was made past them all. */
  #isForged<Table extends CredentialTable>(table: Table, name: string, row: Rows[Table]): boolean {
    if (table === 'second_factors') {
      const { user_id, status } = row as Rows['second_factors'];
      return status !== 'off' && !this.#olderFactors.has(user_id);
    }
    return partsOf(name).id >= (this.#firstMade.get(table) ?? Number.POSITIVE_INFINITY);
  }

  /** The fault of a credential that is ours; it counts as seen. */
  faultOf<Table extends CredentialTable>(table: Table, row: Rows[Table]): string | undefined {
    const name = credentialName(table, row);
    if (!this.#isOurs(name)) {
      return undefined;
    }
    const trail = this.#states.get(name);
    this.#states.delete(name);
    if (trail === undefined) {
      return this.#isForged(table, name, row) ? 'was made by no act of the audit trail' : undefined;
    }
    const state = stateOf(table, row)[name];
    if (state === trail) {
      return undefined;
    }
    if (trail === null) {
      return 'is in force, where the audit trail says that it has ended';
    }
    return state === null
      ? 'has ended, where the audit trail says that it is in force'
      : 'is another than the audit trail says';
  }

  /** The names of the credentials that acts tell of and that were not seen. */
  get unseen(): readonly string[] {
    return [...this.#states.keys()];
  }
}
