import { insertRows, updateRows } from '../../db/bulk.js';
import type { Transaction } from '../../db/connect.js';
import { type ChainHeadRow, primaryKeys } from '../../db/rows.js';
import { microsOfId } from '../ids.js';
import type { TableChanges } from './book.js';
import { emptyHeads } from './chain.js';
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

/** Where this writer's chains end; those that it has not begun begin now. */
export async function openChains(trx: Transaction, chain: number): Promise<readonly ChainHeadRow[]> {
  const known = await trx<ChainHeadRow>('chain_heads').where({ chain });
  const missing = emptyHeads(chain).filter(({ name }) => !known.some((head) => head.name === name));
  if (missing.length > 0) {
    await insertRows(trx, 'chain_heads', missing);
  }
  return [...known, ...missing];
}

/** The time of the newest payment of any writer; zero before the first. */
export async function readNewestPaymentMicros(trx: Transaction): Promise<number> {
  const [newest] = await trx<ChainHeadRow>('chain_heads')
    .where({ name: 'payments' })
    .orderBy('at', 'desc')
    .limit(1);
  return newest?.at ?? 0;
}

/** The time of the newest payment or record of the other writers; zero where there is none. */
export async function readOthersMicros(trx: Transaction, chain: number): Promise<number> {
  const [newest]: { readonly at: number | null }[] = await trx.raw(
    'select max(at) as at from chain_heads where chain <> ?',
    [chain],
  );
  return newest?.at ?? 0;
}

/** The microseconds of the newest id that readers read on from; zero where there is none. */
export async function readNewestIdMicros(trx: Transaction): Promise<number> {
  const ids = await Promise.all(
    ['payments', 'events', 'audit'].map(async (table) => {
      const newest: { id?: string | null } | undefined = await trx(table).max({ id: 'id' }).first();
      return newest?.id ? microsOfId(newest.id) : 0;
    }),
  );
  return Math.max(...ids);
}

/** Opens the accounts of the system in every currency that has none yet. */
export async function openSystemAccounts(trx: Transaction, currencies: readonly string[]): Promise<void> {
  const known = new Set(await trx('accounts').whereNull('user_id').pluck<string[]>('id'));
  const missing = currencies.flatMap(systemAccounts).filter(({ id }) => !known.has(id));
  if (missing.length > 0) {
    await insertRows(trx, 'accounts', missing);
  }
}
