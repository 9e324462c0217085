import type { Rows, TableName } from './rows.js';

/** What the ledger knows of a table: how its rows are found, written and changed. */
export interface TableForm<Row> {
  /** Every column, in the order in which rows travel. */
  readonly columns: readonly (keyof Row & string)[];
  readonly primaryKey: readonly (keyof Row & string)[];
  /** The columns that may change once a row is written; none of a table that is append-only. */
  readonly changeable: readonly (keyof Row & string)[];
  /** Columns that hold bytes; rows have them in hexadecimal. */
  readonly bytes: readonly (keyof Row & string)[];
  /** Whether the key is a number that the ledger gives, in the order in which rows were committed. */
  readonly isNumbered: boolean;
}

type Forms = { readonly [Table in TableName]: TableForm<Rows[Table]> };

/** The tables in the order in which their rows refer to each other. */
export const tables: Forms = {
  users: {
    columns: [
      'id',
      'username',
      'username_key',
      'email',
      'email_key',
      'display_name',
      'display_name_folded',
      'password_hash',
      'role',
      'status',
      'currency',
      'one_time_until',
      'created_at',
    ],
    primaryKey: ['id'],
    changeable: [
      'email',
      'email_key',
      'display_name',
      'display_name_folded',
      'password_hash',
      'role',
      'status',
      'one_time_until',
    ],
    bytes: [],
    isNumbered: true,
  },
  accounts: {
    columns: ['id', 'kind', 'user_id', 'currency', 'balance'],
    primaryKey: ['id'],
    changeable: ['balance'],
    bytes: [],
    isNumbered: true,
  },
  rates: {
    columns: ['id', 'as_of', 'source', 'base', 'currencies', 'created_at'],
    primaryKey: ['id'],
    changeable: [],
    bytes: [],
    isNumbered: true,
  },
  requests: {
    columns: [
      'id',
      'requester_id',
      'payer_id',
      'amount',
      'currency',
      'memo',
      'status',
      'reason',
      'payment_id',
      'created_at',
      'expires_at',
      'closed_at',
      'reminded_at',
      'act',
    ],
    primaryKey: ['id'],
    changeable: ['status', 'reason', 'payment_id', 'closed_at', 'reminded_at'],
    bytes: [],
    isNumbered: true,
  },
  payments: {
    columns: [
      'id',
      'chain',
      'position',
      'kind',
      'from_user_id',
      'to_user_id',
      'sent_amount',
      'sent_currency',
      'received_amount',
      'received_currency',
      'rate',
      'rates_id',
      'memo',
      'memo_folded',
      'request_id',
      'refund_of',
      'corrects',
      'act',
      'created_at',
      'hash',
    ],
    primaryKey: ['id'],
    changeable: [],
    bytes: ['hash'],
    isNumbered: true,
  },
  entries: {
    columns: ['account_id', 'kind', 'payment_id', 'line', 'amount', 'balance_after'],
    primaryKey: ['account_id', 'kind', 'payment_id'],
    changeable: [],
    bytes: [],
    isNumbered: false,
  },
  sessions: {
    columns: [
      'id',
      'user_id',
      'token_hash',
      'created_at',
      'expires_at',
      'ended_at',
      'address',
      'place',
      'last_used_at',
      'idle_until',
    ],
    primaryKey: ['id'],
    changeable: ['ended_at', 'last_used_at', 'idle_until'],
    bytes: ['token_hash'],
    isNumbered: true,
  },
  tokens: {
    columns: [
      'id',
      'user_id',
      'name',
      'scopes',
      'token_hash',
      'created_at',
      'expires_at',
      'revoked_at',
      'last_used_at',
    ],
    primaryKey: ['id'],
    changeable: ['revoked_at', 'last_used_at'],
    bytes: ['token_hash'],
    isNumbered: true,
  },
  invitations: {
    columns: [
      'id',
      'token_hash',
      'note',
      'created_by',
      'created_at',
      'expires_at',
      'revoked_at',
      'used_by',
      'used_at',
    ],
    primaryKey: ['id'],
    changeable: ['revoked_at', 'used_by', 'used_at'],
    bytes: ['token_hash'],
    isNumbered: true,
  },
  idempotency_keys: {
    columns: [
      'user_id',
      'key',
      'rule',
      'input_hash',
      'status',
      'answer',
      'location',
      'payment_id',
      'created_at',
    ],
    primaryKey: ['user_id', 'key'],
    changeable: [],
    bytes: ['input_hash'],
    isNumbered: false,
  },
  funds_refusals: {
    columns: ['requester_id', 'payer_id', 'since', 'refusals'],
    primaryKey: ['requester_id', 'payer_id'],
    changeable: ['since', 'refusals'],
    bytes: [],
    isNumbered: false,
  },
  blocks: {
    columns: ['blocker_id', 'blocked_id', 'created_at', 'ended_at'],
    primaryKey: ['blocker_id', 'blocked_id'],
    changeable: ['created_at', 'ended_at'],
    bytes: [],
    isNumbered: false,
  },
  events: {
    columns: ['user_id', 'id', 'type', 'at', 'payment_id', 'data'],
    primaryKey: ['user_id', 'id'],
    changeable: [],
    bytes: [],
    isNumbered: true,
  },
  inboxes: {
    columns: ['user_id', 'read_up_to'],
    primaryKey: ['user_id'],
    changeable: ['read_up_to'],
    bytes: [],
    isNumbered: false,
  },
  webhooks: {
    columns: ['id', 'user_id', 'url', 'types', 'secret', 'status', 'event_cursor', 'created_at'],
    primaryKey: ['id'],
    changeable: ['secret', 'status', 'event_cursor'],
    bytes: [],
    isNumbered: true,
  },
  deliveries: {
    columns: [
      'id',
      'webhook_id',
      'event_id',
      'status',
      'attempts',
      'next_attempt_at',
      'retry_until',
      'last_attempt_at',
      'last_status',
      'last_error',
      'created_at',
    ],
    primaryKey: ['id'],
    changeable: [
      'status',
      'attempts',
      'next_attempt_at',
      'retry_until',
      'last_attempt_at',
      'last_status',
      'last_error',
    ],
    bytes: [],
    isNumbered: true,
  },
  limits: {
    columns: ['subject', 'user_id', 'currency', 'per_payment', 'per_day'],
    primaryKey: ['subject'],
    changeable: ['per_payment', 'per_day'],
    bytes: [],
    isNumbered: false,
  },
  audit: {
    columns: [
      'id',
      'chain',
      'position',
      'at',
      'actor_id',
      'action',
      'subject',
      'address',
      'request_id',
      'reason',
      'before',
      'after',
      'hash',
    ],
    primaryKey: ['id'],
    changeable: [],
    bytes: ['hash'],
    isNumbered: true,
  },
  chain_heads: {
    columns: ['name', 'chain', 'position', 'hash', 'at'],
    primaryKey: ['name', 'chain'],
    changeable: ['position', 'hash', 'at'],
    bytes: ['hash'],
    isNumbered: false,
  },
};

export const tableNames = Object.keys(tables) as readonly TableName[];

export type NumberedTable = {
  [Table in TableName]: Rows[Table] extends { readonly id: number } ? Table : never;
}[TableName];

export const numberedTables = tableNames.filter(
  (name) => tables[name].isNumbered,
) as readonly NumberedTable[];
