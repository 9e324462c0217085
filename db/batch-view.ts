import type { Knex } from 'knex';
import type { TableName } from './rows.js';
import { tableNames, tables } from './tables.js';

/** The message of the trigger when another writer has committed since the batch was decided. */
export const booksHaveMoved = 'the books have moved';

const quoted = (name: string) => `"${name}"`;

/** The column of the view that takes the rows that changed; the one that takes new rows is named as the table. */
export const changedRows = (table: TableName) => `${table}_changed`;

const isChangeable = (table: TableName) => tables[table].changeable.length > 0;

/** A view that a batch is written into: one statement, and so one trip to SQLite and one transaction, writes the rows of its tables. */
export interface BatchView {
  readonly name: string;
  readonly inserted: readonly TableName[];
  readonly changed: readonly TableName[];
}

/** The view that takes every batch. */
export const everyBatch: BatchView = {
  name: 'batches',
  inserted: tableNames,
  changed: tableNames.filter(isChangeable),
};

/** The view for what payments write. Each table of a view costs SQLite some time even where a batch has nothing for it: 110 µs a batch in all. */
export const paymentBatch: BatchView = {
  name: 'payment_batches',
  inserted: ['payments', 'entries', 'idempotency_keys', 'events'],
  changed: ['accounts', 'chain_heads'],
};

/**
 * The columns of a batch: what the count of commits was when it was decided, the number of its newest event, then the
 * rows of each table as JSON.
 */
export const batchColumns = ({ inserted, changed }: BatchView): readonly string[] => [
  'commits',
  'newest_event',
  ...inserted,
  ...changed.map(changedRows),
];

/** The columns of a changed row as it travels: its key, then what may change. */
export const changedColumns = (table: TableName): readonly string[] => [
  ...tables[table].primaryKey,
  ...tables[table].changeable,
];

function valueAt(table: TableName, column: string, index: number): string {
  const value = `k.value ->> ${index}`;
  return (tables[table].bytes as readonly string[]).includes(column) ? `unhex(${value})` : value;
}

/** The statement that writes new rows from a JSON list of lists of their values. */
export function insertStatement(table: TableName, list = `new.${quoted(table)}`): string {
  const { columns } = tables[table];
  const values = columns.map((column, index) => valueAt(table, column, index));
  return `insert into ${quoted(table)} (${columns.map(quoted).join(', ')}) select ${values.join(', ')} from jsonb_each(${list}) as k;`;
}

/** The update, and a refusal where a row that was read before is not there. */
function updateStatements(table: TableName): string {
  const { primaryKey, changeable } = tables[table];
  const changed = `new.${quoted(changedRows(table))}`;
  const match = primaryKey.map((column, index) => `t.${quoted(column)} = k.value ->> ${index}`);
  const sets = changeable.map(
    (column, index) => `${quoted(column)} = ${valueAt(table, column, primaryKey.length + index)}`,
  );
  return (
    `update ${quoted(table)} as t set ${sets.join(', ')} from jsonb_each(${changed}) as k where ${match.join(' and ')};\n` +
    `select raise(abort, 'a row of ${table} that was to change is not there') where ${changed} is not null and changes() <> json_array_length(${changed});`
  );
}

/** Events are kept by user, where the newest number of all cannot be seen: it has a place of its own. */
const keepNewestEvent =
  "update chain_heads set position = new.newest_event where name = 'events' and chain = 0 and new.newest_event is not null;";

const compareCommits =
  `select raise(abort, '${booksHaveMoved}') where new.commits is not (select position from chain_heads where name = 'commits' and chain = 0);\n` +
  "update chain_heads set position = position + 1 where name = 'commits' and chain = 0;";

function statements(batch: BatchView): readonly string[] {
  const { name, inserted, changed } = batch;
  const columns = batchColumns(batch).map((column) => `null as ${quoted(column)}`);
  const body = [
    compareCommits,
    keepNewestEvent,
    ...inserted.map((table) => insertStatement(table)),
    ...changed.map(updateStatements),
  ];
  return [
    `drop view if exists ${name}`,
    `create view ${name} as select ${columns.join(', ')}`,
    `create trigger ${name}_write instead of insert on ${name} begin\n${body.join('\n')}\nend`,
  ];
}

/** Makes the views of batches. They refuse a batch that was decided over books that have moved since. A migration that changes a table makes them anew. */
export async function makeBatchViews(knex: Knex): Promise<void> {
  for (const statement of [everyBatch, paymentBatch].flatMap(statements)) {
    await knex.raw(statement);
  }
}

/** The statement that writes a batch; its values are those of `batchColumns`. */
export const writeInto = (batch: BatchView): string =>
  `insert into ${batch.name} values (${batchColumns(batch)
    .map(() => '?')
    .join(', ')})`;
