import { insertRows, updateRows } from '../../db/bulk.js';
import type { Database, Transaction } from '../../db/connect.js';
import { type PaymentRow, primaryKeys } from '../../db/rows.js';
import { microsOfId } from '../ids.js';
import type { ChainHead, TableChanges } from './book.js';
import { genesisHash } from './chain.js';
import { systemAccounts } from './system-accounts.js';

/** Writes what a batch decided: one statement for each table and kind of change. */
export async function persist(trx: Transaction, changes: readonly TableChanges[]): Promise<void> {
  for (const { table, inserted } of changes) {
    if (inserted.length > 0) {
      await insertRows(trx, table, inserted);
    }
  }
  for (const { table, updated, changedColumns } of changes) {
    if (updated.length > 0) {
      await updateRows(trx, table, primaryKeys[table], changedColumns, updated);
    }
  }
}

/** Where this writer's chain of payments ends. */
export async function readChainHead(database: Database, chain: number): Promise<ChainHead> {
  const last = await database<PaymentRow>('payments').where({ chain }).orderBy('position', 'desc').first();
  return last
    ? { chain, position: last.position, hash: last.hash, createdAt: last.created_at }
    : { chain, position: 0, hash: genesisHash, createdAt: 0 };
}

/** The microseconds of the newest event's id; zero where there is none. */
export async function readNewestIdMicros(database: Database): Promise<number> {
  const newest: { id?: string | null } | undefined = await database('events').max({ id: 'id' }).first();
  return newest?.id ? microsOfId(newest.id) : 0;
}

/** Opens the accounts of the system in every currency that has none yet. */
export async function openSystemAccounts(trx: Transaction, currencies: readonly string[]): Promise<void> {
  const known = new Set(await trx('accounts').whereNull('user_id').pluck<string[]>('id'));
  const missing = currencies.flatMap(systemAccounts).filter(({ id }) => !known.has(id));
  if (missing.length > 0) {
    await insertRows(trx, 'accounts', missing);
  }
}
