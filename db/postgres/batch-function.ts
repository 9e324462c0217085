import { missingRowState, movedState } from './postgres-error.js';

/** What the function must know of a table, in the order in which rows refer to each other. */
export interface WrittenTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly primaryKey: readonly string[];
  readonly changeable: readonly string[];
}

/** A column of rows that are inserted or changed; `rows` is what those are called in a batch. */
export interface WrittenColumn {
  readonly table: string;
  readonly rows: string;
  readonly column: string;
}

/** The columns of what payments write, a list for the rows of each table, in the order in which they refer to each other. */
export interface PaymentColumns {
  readonly inserted: readonly (readonly WrittenColumn[])[];
  readonly changed: readonly (readonly WrittenColumn[])[];
}

/** What those listen to who follow what others write: the numbers of commits, or nothing where it is to be looked anyway. */
export const batchChannel = 'pay_batches';

const list = (columns: readonly string[]) => columns.map((column) => `"${column}"`).join(', ');

const insertStatement = ({ name, columns }: WrittenTable) => `
  if batch -> '${name}' is not null then
    insert into "${name}" (${list(columns)})
      select ${list(columns)} from jsonb_populate_recordset(null::"${name}", batch -> '${name}');
  end if;`;

/** The update, and a refusal where a row that was read before is not there. */
function updateStatement({ name, primaryKey, changeable }: WrittenTable): string {
  const changed = `${name}_changed`;
  const match = primaryKey.map((column) => `t."${column}" = k."${column}"`).join(' and ');
  const sets = changeable.map((column) => `"${column}" = k."${column}"`).join(', ');
  return `
  if batch -> '${changed}' is not null then
    update "${name}" as t set ${sets} from jsonb_populate_recordset(null::"${name}", batch -> '${changed}') as k where ${match};
    get diagnostics written = row_count;
    if written <> jsonb_array_length(batch -> '${changed}') then
      raise exception 'a row of ${name} that was to change is not there' using errcode = '${missingRowState}';
    end if;
  end if;`;
}

/** How many batches the log keeps: whoever is further behind than that reads the books anew. */
const keptBatches = 64;

/** Where several write, what they follow it by goes into the log, and the others are told; who does not know of others leaves a gap. */
const logBatch = `
  if (select count(*) from writers) > 1 then
    if log is not null then
      insert into batches (number, log) values (decided_over + 1, log);
    end if;
    delete from batches where number <= decided_over + 1 - ${keptBatches} or number > decided_over + 1;
    perform pg_notify('${batchChannel}', (decided_over + 1)::text);
  end if;`;

/** By the row that counts the commits a batch has the books for itself, and is refused where they have moved since it was decided. */
const takeBooks = `
  update chain_heads set position = position + 1 where name = 'commits' and chain = 0 and position = decided_over;
  if not found then
    raise exception 'the books have moved' using errcode = '${movedState}';
  end if;`;

/**
 * The first link that is written to a chain follows its head. A writer whose lock was lost may have been followed in its chain by another,
 * and what others write to its own chain nobody follows: without this the chain would fork.
 */
const refuseFork = (chainOf: 'payments' | 'audit', chain: string, position: string) => `
  if ${position} - 1 <> coalesce((select h.position from chain_heads as h where h.name = '${chainOf}' and h.chain = ${chain}), 0) then
    raise exception 'the books have moved: the chain has gone on' using errcode = '${movedState}';
  end if;`;

const refuseForkOfFirst = (chainOf: 'payments' | 'audit') =>
  refuseFork(
    chainOf,
    `(batch -> '${chainOf}' -> 0 ->> 'chain')::integer`,
    `(batch -> '${chainOf}' -> 0 ->> 'position')::bigint`,
  );

const keepNewestEvent = (newest: string) =>
  `update chain_heads set position = ${newest} where name = 'events' and chain = 0;`;

/** The function that writes a batch: one statement, and so one trip to the database and one transaction, writes the rows of all tables. */
export const batchFunction = (tables: readonly WrittenTable[]): string => `
create or replace function write_batch(decided_over bigint, batch jsonb, log text) returns void language plpgsql as $$
declare
  written bigint;
begin${takeBooks}
  if batch -> 'newest_event' is not null then
    ${keepNewestEvent("(batch ->> 'newest_event')::bigint")}
  end if;${refuseForkOfFirst('payments')}${refuseForkOfFirst('audit')}${tables.map(insertStatement).join('')}${tables
    .filter(({ changeable }) => changeable.length > 0)
    .map(updateStatement)
    .join('')}${logBatch}
end $$`;

const parameterOf = ({ rows, column }: WrittenColumn) => `${rows}_${column}`;

const unnested = (columns: readonly WrittenColumn[]) => `unnest(${columns.map(parameterOf).join(', ')})`;

const insertFromColumns = (columns: readonly WrittenColumn[]) => `
  insert into "${columns[0]?.table}" (${list(columns.map(({ column }) => column))}) select * from ${unnested(columns)};`;

/** The update of rows that were read before; the first columns are their key. */
function updateFromColumns(
  columns: readonly WrittenColumn[],
  { name, primaryKey, changeable }: WrittenTable,
): string {
  const match = primaryKey.map((column) => `t."${column}" = k."${column}"`).join(' and ');
  const sets = changeable.map((column) => `"${column}" = k."${column}"`).join(', ');
  const [first] = columns as [WrittenColumn];
  return `
  update "${name}" as t set ${sets}
    from ${unnested(columns)} as k (${list(columns.map(({ column }) => column))}) where ${match};
  get diagnostics written = row_count;
  if written <> cardinality(${parameterOf(first)}) then
    raise exception 'a row of ${name} that was to change is not there' using errcode = '${missingRowState}';
  end if;`;
}

/**
 * The function that writes what payments do, nearly all that there is to write, in less time: it takes a list of values for each
 * column, which is neither taken apart by names nor made for tables that have nothing. `typeOf` gives what a column holds.
 */
export function paymentFunction(
  tables: readonly WrittenTable[],
  { inserted, changed }: PaymentColumns,
  typeOf: (table: string, column: string) => string,
): string {
  const parameters = [...inserted, ...changed]
    .flat()
    .map((column) => `${parameterOf(column)} ${typeOf(column.table, column.column)}[]`);
  const updates = changed.map((columns) => {
    const table = tables.find(({ name }) => name === columns[0]?.table) as WrittenTable;
    return updateFromColumns(columns, table);
  });
  return `
create or replace function write_payments(decided_over bigint, newest_event bigint, log text, ${parameters.join(', ')})
  returns void language plpgsql as $$
declare
  written bigint;
begin${takeBooks}
  if newest_event is not null then
    ${keepNewestEvent('newest_event')}
  end if;${refuseFork('payments', 'payments_chain[1]', 'payments_position[1]')}${inserted.map(insertFromColumns).join('')}${updates.join('')}${logBatch}
end $$`;
}
