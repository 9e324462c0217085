import type { Database, Transaction } from '../../connect.js';
import { batchChannel } from '../batch-function.js';
import { chainIsHeld, chainOfTurns } from './locks.js';

/**
 * Takes a place among the writers of the books, unless the chain has one already. The caller has the books for itself, and keeps
 * nothing in mind of callers that is older.
 */
export async function joinWriters(trx: Transaction, chain: number): Promise<void> {
  const joined: unknown[] = await trx.raw(
    `insert into writers (chain, heard) select ?, position from chain_heads
      where name = 'commits' and chain = 0 and not exists (select from writers where chain = ?) returning chain`,
    [chain, chain],
  );
  if (joined.length > 0) {
    await trx.raw(`select pg_notify('${batchChannel}', '')`);
  }
}

/** Tells the others where the statement has removed writers. */
const tellOfGone = (removal: string) =>
  `with gone as (${removal} returning chain) select pg_notify('${batchChannel}', '') from (select from gone limit 1) as one`;

/** The chains of writers whose locks nobody holds: of those that have ended without a word, or have to take the lock anew. */
export async function findSilentWriters(database: Database): Promise<readonly number[]> {
  const silent: { chain: number }[] = await database.raw(
    `select chain from writers where not ${chainIsHeld('chain')}`,
  );
  return silent.map(({ chain }) => chain);
}

/** Drops those of these writers that are silent still, so that who is left alone goes on alone. */
export const dropSilentWriters = (database: Database, chains: readonly number[]): Promise<unknown> =>
  Promise.resolve(
    database.raw(tellOfGone(`delete from writers where chain = any(?) and not ${chainIsHeld('chain')}`), [
      [...chains],
    ] as unknown as string[]),
  );

/** Gives up the place among the writers. */
export const leaveWriters = (database: Database, chain: number): Promise<unknown> =>
  Promise.resolve(database.raw(tellOfGone('delete from writers where chain = ?'), [chain]));

/** Says that this writer trusts nothing that it kept in mind of callers before so many commits. */
export const noteHeard = (database: Database, chain: number, commits: number): Promise<unknown> =>
  Promise.resolve(
    database.raw('update writers set heard = greatest(heard, ?) where chain = ?', [commits, chain]),
  );

/** Whether all others that keep callers in mind have heard of what this writer's commit changed of them. */
export async function isHeardByAll(database: Database, chain: number, commits: number): Promise<boolean> {
  const deaf: unknown[] = await database.raw(
    'select chain from writers where chain not in (?, ?) and heard < ? limit 1',
    [chain, chainOfTurns, commits],
  );
  return deaf.length === 0;
}
