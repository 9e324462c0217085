/** What keeps a table append-only: what was written is neither changed nor removed, one row or all at once. */
export const appendOnlyTrigger = (table: string): string =>
  `create trigger ${table}_append_only before update or delete or truncate on ${table} ` +
  'for each statement execute function refuse_change();';

export const appendOnlyTables = [
  'payments',
  'entries',
  'rates',
  'idempotency_keys',
  'events',
  'audit',
] as const;
