import type { Rows, TableName } from '../../../db/rows.js';

/** All rows of every table, as they stand at one moment. */
export type Tables = { readonly [Table in TableName]: readonly Rows[Table][] };

export const tableNames = [
  'users',
  'accounts',
  'rates',
  'payments',
  'entries',
  'sessions',
  'tokens',
  'second_factors',
  'idempotency_keys',
  'collections',
  'requests',
  'funds_refusals',
  'blocks',
  'events',
  'inboxes',
  'webhooks',
  'deliveries',
  'limits',
  'guesses',
  'audit',
  'chain_heads',
] as const satisfies readonly TableName[];
