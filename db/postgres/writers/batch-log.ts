import type { ChangedRows } from '../../batch.js';
import { changedRows } from '../../batch-view.js';
import type { Database, Transaction } from '../../connect.js';
import type { TableName } from '../../rows.js';
import { tableNames, tables } from '../../tables.js';

/** The writers of the books beside this one. */
export interface OtherWriters {
  readonly count: number;
  /** The number that whoever joined last was given. */
  readonly newest: number;
}

/** What all writers have done since some number of commits. */
export interface LoggedBatches {
  readonly commits: number;
  readonly others: OtherWriters;
  /** The batches since then in their order; undefined where the log does not have all of them, or the reader has lost its place among the writers. */
  readonly batches: readonly (readonly ChangedRows[])[] | undefined;
}

/** Whether there can be several writers that follow each other by the log. */
export const hasBatchLog = ({ client }: Pick<Database, 'client'>): boolean => client.dialect === 'postgresql';

type LoggedRow = Record<string, string | number | null>;
type LoggedBatch = Readonly<Record<string, readonly LoggedRow[] | undefined>>;

/** One statement, so that all of it is of one moment. */
const statement = `
  select h.position as commits,
    (select count(*) from writers where chain <> :chain) as others,
    (select coalesce(max(joined), 0) from writers) as newest,
    exists (select from writers where chain = :chain) as is_in,
    (select coalesce(json_agg(b.batch order by b.number), '[]')::text from batches as b
      where b.number > :known and b.number <= h.position) as batches
  from chain_heads as h where h.name = 'commits' and h.chain = 0`;

/** Rows as the ledger has them: of bytes the hexadecimal digits alone. */
function rowsOf(table: TableName, rows: readonly LoggedRow[] = []): readonly object[] {
  const { bytes } = tables[table];
  for (const row of rows) {
    for (const column of bytes) {
      const value = row[column];
      row[column] = typeof value === 'string' ? value.replace(/^\\x/, '') : (value ?? null);
    }
  }
  return rows;
}

function changesOf(batch: LoggedBatch): readonly ChangedRows[] {
  return tableNames
    .map((table) => ({
      table,
      inserted: rowsOf(table, batch[table]),
      updated: rowsOf(table, batch[changedRows(table)]),
    }))
    .filter(({ inserted, updated }) => inserted.length + updated.length > 0);
}

/** Reads what the writers have done since so many commits. `chain` is the reader's own. */
export async function readBatchLog(
  database: Database | Transaction,
  chain: number,
  known: number,
): Promise<LoggedBatches> {
  const [row]: { commits: number; others: number; newest: number; is_in: boolean; batches: string }[] =
    await database.raw(statement, { chain, known });
  if (row === undefined) {
    throw new Error('The count of commits is gone.');
  }
  const { commits, others, newest, is_in: isIn } = row;
  const batches: readonly LoggedBatch[] = JSON.parse(row.batches);
  return {
    commits,
    others: { count: others, newest },
    batches: isIn && batches.length === commits - known ? batches.map(changesOf) : undefined,
  };
}
