import { hash } from 'node:crypto';
import type { Rows } from '../../db/rows.js';

/** Tables whose rows give somebody a right, or keep somebody from one. */
export const credentialTables = [
  'users',
  'sessions',
  'tokens',
  'second_factors',
  'invitations',
  'webhooks',
  'blocks',
] as const;

export type CredentialTable = (typeof credentialTables)[number];

interface Form<Row> {
  readonly keyOf: (row: Row) => string | number;
  /** Whether the row gives no right any more. */
  readonly isOver: (row: Row) => boolean;
  /** The parts of the right: what it is, whose, and what it is known by: all that no use of it changes. */
  readonly says: (row: Row) => readonly (string | number | null)[];
}

/** The order of what they say stands for good: the audit trail holds hashes of it. */
const forms: { readonly [Table in CredentialTable]: Form<Rows[Table]> } = {
  users: {
    keyOf: ({ id }) => id,
    isOver: () => false,
    says: (user) => [
      user.username,
      user.username_key,
      user.email,
      user.display_name,
      user.password_hash,
      user.one_time_until,
      user.currency,
      user.created_at,
    ],
  },
  sessions: {
    keyOf: ({ id }) => id,
    isOver: ({ ended_at }) => ended_at !== null,
    says: (session) => [
      session.user_id,
      session.token_hash,
      session.created_at,
      session.expires_at,
      session.address,
      session.place,
    ],
  },
  tokens: {
    keyOf: ({ id }) => id,
    isOver: ({ revoked_at }) => revoked_at !== null,
    says: (token) => [
      token.user_id,
      token.token_hash,
      token.name,
      token.scopes,
      token.created_at,
      token.expires_at,
    ],
  },
  second_factors: {
    keyOf: ({ user_id }) => user_id,
    isOver: ({ status }) => status === 'off',
    says: ({ status, secret, above, recovery, since }) => [status, secret, above, recovery, since],
  },
  invitations: {
    keyOf: ({ id }) => id,
    isOver: ({ used_at, revoked_at }) => used_at !== null || revoked_at !== null,
    says: (invitation) => [
      invitation.token_hash,
      invitation.note,
      invitation.created_by,
      invitation.created_at,
      invitation.expires_at,
    ],
  },
  webhooks: {
    keyOf: ({ id }) => id,
    isOver: ({ status }) => status !== 'active',
    says: (webhook) => [
      webhook.user_id,
      webhook.url,
      webhook.types,
      webhook.secret,
      webhook.created_at,
      webhook.session_id,
      webhook.token_id,
    ],
  },
  blocks: {
    keyOf: ({ blocker_id, blocked_id }) => `${blocker_id}-${blocked_id}`,
    isOver: ({ ended_at }) => ended_at !== null,
    says: ({ created_at }) => [created_at],
  },
};

/** The states of credentials, by their names: a hash of what each says, or null for one that is over. */
export type CredentialStates = Readonly<Record<string, string | null>>;

/** The name of a credential in the audit trail: its table and its key there. */
export const credentialName = <Table extends CredentialTable>(table: Table, row: Rows[Table]): string =>
  `${table} ${forms[table].keyOf(row)}`;

/**
 * The state of a credential, as the audit trail is told it: a SHA-256, which gives no secret away, since what it is over
 * holds chance of 118 bits and more.
 */
export function stateOf<Table extends CredentialTable>(table: Table, row: Rows[Table]): CredentialStates {
  const { isOver, says } = forms[table];
  const name = credentialName(table, row);
  return { [name]: isOver(row) ? null : hash('sha256', JSON.stringify([name, ...says(row)]), 'base64url') };
}

/** The states of several credentials of one table. */
export const statesOf = <Table extends CredentialTable>(
  table: Table,
  rows: readonly Rows[Table][],
): CredentialStates => Object.assign({}, ...rows.map((row) => stateOf(table, row)));
