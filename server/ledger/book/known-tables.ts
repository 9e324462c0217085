import type { TableName } from '../../../db/rows.js';

/** The tables of which all rows are read when the books are opened, as long as they are few: a payment asks of each whether it is there. */
export const wholeTables = ['limits', 'blocks', 'second_factors'] as const satisfies readonly TableName[];

/** The most keys that are known of tables that payments ask again and again; what was used longest ago is forgotten first. */
export const mostKnownKeys: Partial<Record<TableName, number>> = {
  users: 60_000,
  accounts: 60_000,
  rates: 1_000,
  limits: 50_000,
  blocks: 50_000,
  second_factors: 60_000,
  sessions: 60_000,
  tokens: 60_000,
};
