import type { Rows, TableName } from './rows.js';
import { audit, chainHeads, idempotencyKeys } from './tables/acts.js';
import { guesses, invitations, secondFactors, sessions, tokens } from './tables/credentials.js';
import { deliveries, events, inboxes, webhooks } from './tables/events.js';
import { entries, payments, rates } from './tables/payments.js';
import { collections, fundsRefusals, requests } from './tables/requests.js';
import type { TableForm } from './tables/table-form.js';
import { accounts, blocks, leftBehind, limits, users } from './tables/users.js';

type Forms = { readonly [Table in TableName]: TableForm<Rows[Table]> };

/** The tables in the order in which their rows refer to each other. */
export const tables: Forms = {
  users,
  accounts,
  rates,
  collections,
  requests,
  payments,
  entries,
  sessions,
  tokens,
  guesses,
  left_behind: leftBehind,
  second_factors: secondFactors,
  invitations,
  idempotency_keys: idempotencyKeys,
  funds_refusals: fundsRefusals,
  blocks,
  events,
  inboxes,
  webhooks,
  deliveries,
  limits,
  audit,
  chain_heads: chainHeads,
};

export const tableNames = Object.keys(tables) as readonly TableName[];

export type NumberedTable = {
  [Table in TableName]: Rows[Table] extends { readonly id: number } ? Table : never;
}[TableName];

export const numberedTables = tableNames.filter(
  (name) => tables[name].isNumbered,
) as readonly NumberedTable[];
