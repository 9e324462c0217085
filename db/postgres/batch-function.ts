import { missingRowState, movedState } from './postgres-error.js';

/** What the function must know of a table, in the order in which rows refer to each other. */
export interface WrittenTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly primaryKey: readonly string[];
  readonly changeable: readonly string[];
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

/**
 * The function that writes a batch: one statement, and so one trip to the database and one transaction, writes the rows of all
 * tables. By the row that counts the commits it has the books for itself, and refuses a batch that was decided over books
 * that have moved since.
 */
export const batchFunction = (tables: readonly WrittenTable[]): string => `
create or replace function write_batch(decided_over bigint, batch jsonb, log text) returns void language plpgsql as $$
declare
  written bigint;
begin
  update chain_heads set position = position + 1 where name = 'commits' and chain = 0 and position = decided_over;
  if not found then
    raise exception 'the books have moved' using errcode = '${movedState}';
  end if;
  if batch -> 'newest_event' is not null then
    update chain_heads set position = (batch ->> 'newest_event')::bigint where name = 'events' and chain = 0;
  end if;${tables.map(insertStatement).join('')}${tables
    .filter(({ changeable }) => changeable.length > 0)
    .map(updateStatement)
    .join('')}${logBatch}
end $$`;
