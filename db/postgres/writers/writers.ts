import type { Database, Transaction } from '../../connect.js';
import { batchChannel } from '../batch-function.js';
import { chainIsHeld } from './locks.js';

/**
 * Takes a place among the writers of the books, unless the chain has one already, and drops those who have ended without
 * giving up theirs. The caller has the books for itself.
 */
export async function joinWriters(trx: Transaction, chain: number): Promise<void> {
  await trx.raw(`delete from writers where chain <> ? and not ${chainIsHeld('chain')}`, [chain]);
  const joined: unknown[] = await trx.raw(
    'insert into writers (chain) select ? where not exists (select from writers where chain = ?) returning chain',
    [chain, chain],
  );
  if (joined.length > 0) {
    await trx.raw(`select pg_notify('${batchChannel}', '')`);
  }
}

/** Tells the others where the statement has removed writers. */
const tellOfGone = (removal: string) =>
  `with gone as (${removal} returning chain) select pg_notify('${batchChannel}', '') from (select from gone limit 1) as one`;

/** Drops the writers that have ended without giving up their places, so that who is left alone goes on alone. */
export const dropEndedWriters = (database: Database): Promise<unknown> =>
  Promise.resolve(database.raw(tellOfGone(`delete from writers where not ${chainIsHeld('chain')}`)));

/** Gives up the place among the writers. */
export const leaveWriters = (database: Database, chain: number): Promise<unknown> =>
  Promise.resolve(database.raw(tellOfGone('delete from writers where chain = ?'), [chain]));

/** Says that this writer has heard of all that joined up to this number, and trusts no more in what it keeps in mind of callers. */
export const noteHeard = (database: Database, chain: number, newest: number): Promise<unknown> =>
  Promise.resolve(
    database.raw('update writers set heard = greatest(heard, ?) where chain = ?', [newest, chain]),
  );

/** Whether all other writers that live have heard of this one. */
export async function isHeardByAll(database: Database, chain: number): Promise<boolean> {
  const deaf: unknown[] = await database.raw(
    `select chain from writers where chain <> ? and ${chainIsHeld('chain')}
      and heard < (select joined from writers where chain = ?) limit 1`,
    [chain, chain],
  );
  return deaf.length === 0;
}
