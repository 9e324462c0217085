import { checkedTables, referencesOf } from '../migrations/references.js';
import { ownSchema } from '../own-schema.js';

/** Runs a statement on the connection of the transaction. */
type Run = <Row>(sql: string) => Promise<readonly Row[]>;

const references = `
  select c.relname as table, k.conname as name, pg_get_constraintdef(k.oid) as definition
  from pg_constraint as k join pg_class as c on c.oid = k.conrelid
  where c.relnamespace = ${ownSchema} and k.contype = 'f' order by c.relname, k.conname`;

/** Those that stand for no constraint. */
const indexes = `
  select i.relname as name, pg_get_indexdef(x.indexrelid) as definition
  from pg_index as x join pg_class as i on i.oid = x.indexrelid join pg_class as c on c.oid = x.indrelid
  where c.relnamespace = ${ownSchema} and c.relkind = 'r'
    and not exists (select from pg_constraint as k where k.conindid = x.indexrelid) order by i.relname`;

/** Looks at the references of all rows that are there, as a constraint does when it is made. */
async function checkReferences(run: Run): Promise<void> {
  for (const table of checkedTables) {
    for (const [column, parent] of referencesOf(table)) {
      await run(
        `alter table ${table} add constraint checked foreign key (${column}) references ${parent} (id)`,
      );
      await run(`alter table ${table} drop constraint checked`);
    }
  }
}

/**
 * Takes references and indexes away, which are dear row by row and cheap for all rows at once. Gives the way to make them again,
 * as they were; within one transaction nobody sees the tables without them.
 */
export async function leanSchema(run: Run): Promise<() => Promise<void>> {
  const takenReferences = await run<{ table: string; name: string; definition: string }>(references);
  const takenIndexes = await run<{ name: string; definition: string }>(indexes);
  for (const { table, name } of takenReferences) {
    await run(`alter table "${table}" drop constraint "${name}"`);
  }
  for (const table of checkedTables) {
    await run(`alter table ${table} disable trigger ${table}_references`);
  }
  for (const { name } of takenIndexes) {
    await run(`drop index "${name}"`);
  }
  return async () => {
    await run("set local maintenance_work_mem = '128MB'");
    for (const { definition } of takenIndexes) {
      await run(definition);
    }
    for (const { table, name, definition } of takenReferences) {
      await run(`alter table "${table}" add constraint "${name}" ${definition}`);
    }
    await checkReferences(run);
    for (const table of checkedTables) {
      await run(`alter table ${table} enable trigger ${table}_references`);
    }
  };
}
