/** A tree of the database, as the order in which it is read: that of a table by its key, or of an index. */
interface Tree {
  readonly table: string;
  /** The name of the index; null where the tree is the table itself. */
  readonly index: string | null;
  readonly columns: string;
  /** The condition of an index that holds some rows only, with its WHERE. */
  readonly condition: string;
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Each tree that a statement can be told to read in its order: indexes of expressions are not among them. */
const treesSql = `
  select t.name as "table", null as "index", 'rowid' as columns, '' as condition
  from pragma_table_list as t where t.schema = 'main' and t.type = 'table' and not t.wr and t.name not like 'sqlite_%'
  union all
  select t.name, case when t.wr and i.origin = 'pk' then null else i.name end, json_group_array(c.name),
    case when i.partial then substr(m.sql, instr(lower(m.sql), ' where ')) else '' end
  from pragma_table_list as t, pragma_index_list(t.name) as i, pragma_index_info(i.name) as c
    left join sqlite_master as m on m.type = 'index' and m.name = i.name
  where t.schema = 'main' and t.type = 'table' and t.name not like 'sqlite_%'
  group by t.name, i.name
  having count(c.name) = count(*)`;

function orderOf({ columns }: Tree, direction: 'asc' | 'desc'): string {
  const names: readonly string[] = columns === 'rowid' ? ['rowid'] : JSON.parse(columns).map(quoted);
  return names.map((name) => `${name} ${direction}`).join(', ');
}

/**
 * Reads the first and the last row in the order of each tree: whether the tree is there, and where the newest rows are.
 * Takes as long for many rows as for few. Throws what SQLite says of a page that it cannot read.
 */
export async function readEnds(read: (sql: string) => Promise<readonly object[]>): Promise<void> {
  const trees = (await read(treesSql)) as readonly Tree[];
  for (const tree of trees) {
    const by = tree.index === null ? '' : `indexed by ${quoted(tree.index)}`;
    for (const direction of ['asc', 'desc'] as const) {
      await read(
        `select * from ${quoted(tree.table)} ${by} ${tree.condition} order by ${orderOf(tree, direction)} limit 1`,
      );
    }
  }
}
