import type { ChangedRows } from '../../batch.js';
import type { Database, Transaction } from '../../connect.js';
import { changesOf, type LoggedBatch } from '../../logged-rows.js';
import type { Opening } from '../postgres-client.js';

/** What all writers have done since some number of commits, as far as others follow it. */
export interface LoggedBatches {
  readonly commits: number;
  /** How many writers there are beside the one that reads. */
  readonly others: number;
  /** The batches since then in their order; undefined where the log does not have all of them, or the reader has lost its place among the writers. */
  readonly batches: readonly (readonly ChangedRows[])[] | undefined;
}

/** Whether there can be several writers that follow each other by the log. */
export const hasBatchLog = ({ client }: Pick<Database, 'client'>): boolean => client.dialect === 'postgresql';

/** One statement, so that all of it is of one moment. */
const statement = `
  select h.position as commits,
    (select count(*) from writers where chain <> :chain) as others,
    exists (select from writers where chain = :chain) as is_in,
    (select coalesce(string_agg(b.log, ',' order by b.number), '') from batches as b
      where b.number > :known and b.number <= h.position) as batches
  from chain_heads as h where h.name = 'commits' and h.chain = 0`;

type LogRow = Readonly<{ commits: number; others: number; is_in: boolean; batches: string }>;

function loggedSince(known: number, [row]: readonly LogRow[]): LoggedBatches {
  if (row === undefined) {
    throw new Error('The count of commits is gone.');
  }
  const { commits, others, is_in: isIn } = row;
  const batches: readonly LoggedBatch[] = JSON.parse(`[${row.batches}]`);
  return {
    commits,
    others,
    batches: isIn && batches.length === commits - known ? batches.map(changesOf) : undefined,
  };
}

/** Reads what the writers have done since so many commits. `chain` is the reader's own. */
export async function readBatchLog(
  database: Database | Transaction,
  chain: number,
  known: number,
): Promise<LoggedBatches> {
  return loggedSince(known, await database.raw(statement, { chain, known }));
}

const openingName = 'follow_log';

/** Reads it as soon as a transaction has the books. */
export function openingLog(
  chain: number,
  known: number,
): { readonly opening: Opening; readonly logged: () => LoggedBatches } {
  let rows: readonly LogRow[] = [];
  return {
    opening: {
      name: openingName,
      prepare: `prepare ${openingName} (bigint, bigint) as ${statement.replaceAll(':chain', '$1').replaceAll(':known', '$2')}`,
      execute: `execute ${openingName} (${chain}, ${known})`,
      take(found) {
        rows = found as readonly LogRow[];
      },
    },
    logged: () => loggedSince(known, rows),
  };
}

/**
 * Gives the room of batches that are gone to those that come, where several write. By itself PostgreSQL does so once a minute at most;
 * until then the log would grow by all that is written, and push what payments are looked up in out of the memory.
 */
export async function makeRoomInLog(database: Database): Promise<void> {
  const [row]: { several: boolean }[] = await database.raw('select count(*) > 1 as several from writers');
  if (row?.several) {
    await database.raw('vacuum (skip_locked, truncate false, index_cleanup on) batches');
  }
}
