/** The SQL of PostgreSQL where it is not SQLite's; what each gives is said in db/dialect.ts. */

const quoted = (name: string) => `"${name}"`;

/** Lists of keys travel as JSON objects, to be read as rows of the table that is asked: so each value has the type of its column. */
const keyRows = (table: string) => `json_populate_recordset(null::${quoted(table)}, ?)`;

const keysOf = (columns: readonly string[], keys: readonly (readonly unknown[])[]): string =>
  JSON.stringify(keys.map((key) => Object.fromEntries(columns.map((column, index) => [column, key[index]]))));

interface Matching {
  readonly table: string;
  readonly columns: readonly string[];
  readonly nulls: readonly boolean[];
  readonly atMost: number;
  readonly newest?: { readonly by: number; readonly among: number } | undefined;
}

const matchOf = (columns: readonly string[], nulls: readonly boolean[], of: string) =>
  columns
    .map((column, index) =>
      nulls[index] ? `${of}.${quoted(column)} is null` : `${of}.${quoted(column)} = k.${quoted(column)}`,
    )
    .join(' and ');

function newestOf({ table, columns, nulls }: Matching, by: number, among: number): string {
  const first = `select * from ${quoted(table)} as r where ${matchOf(columns.slice(0, by), nulls, 'r')} order by r.id desc limit ${among}`;
  return `select * from (${first}) as s where ${matchOf(columns.slice(by), [], 's')} order by s.id desc limit 1`;
}

function matching(asked: Matching, wanted: string): string {
  const { table, columns, nulls, atMost, newest } = asked;
  const order = atMost === 1 ? '' : 'order by s.id desc ';
  const rows = newest
    ? newestOf(asked, newest.by, newest.among)
    : `select * from ${quoted(table)} as s where ${matchOf(columns, nulls, 's')} ${order}limit ${atMost + 1}`;
  // Of each key its rows are found by themselves, by the index of the table.
  return `select ${wanted} from ${keyRows(table)} as k cross join lateral (${rows}) as t`;
}

interface Summing {
  readonly table: string;
  readonly columns: readonly string[];
  readonly sinceColumn: string;
  readonly sum: string;
}

function sums({ table, columns, sinceColumn, sum }: Summing): string {
  const since = quoted(sinceColumn);
  return (
    `select coalesce(sum(t.${quoted(sum)}), 0) as sum, min(t.${since}) as first ` +
    `from ${keyRows(table)} with ordinality as k left join ${quoted(table)} as t ` +
    `on ${matchOf(columns, [], 't')} and t.${since} >= k.${since} and t.id <= ? group by k.ordinality order by k.ordinality`
  );
}

const paidColumns = ['user_id', 'kind', 'known_from', 'since', 'known_to', 'up_to'];

const ofPaid = 'e.account_id = a.id and e.kind = k.kind and e.amount < 0';

/**
 * Both ends of each range of entries are numbers of payments, so that nothing but what is counted is read. What is paid to and
 * fro adds up to more than there is: it is summed exactly, and told up to the first number that is not safe, which is beyond
 * every limit.
 */
const paid = `
  select
    (least((select coalesce(sum(-e.amount), 0) from entries as e
      where ${ofPaid} and e.payment_id > k.known_to and e.payment_id <= k.up_to), 9007199254740992) -
    least((select coalesce(sum(-e.amount), 0) from entries as e
      where ${ofPaid} and e.payment_id >= k.known_from and e.payment_id < k.since), 9007199254740992))::float8 as change,
    (select p.created_at from entries as e join payments as p on p.id = e.payment_id
      where ${ofPaid} and e.payment_id between k.since and k.up_to
      order by e.payment_id limit 1) as first
  from rows from (json_to_recordset(?) as
      (user_id bigint, kind text, known_from bigint, since bigint, known_to bigint, up_to bigint))
    with ordinality as k(user_id, kind, known_from, since, known_to, up_to, place)
  left join accounts as a on a.user_id = k.user_id order by k.place`;

export const postgresDialect = {
  matching,
  matchingKeys: keysOf,
  sums,
  sumsKeys: ({ columns, sinceColumn }: Summing, keys: readonly (readonly unknown[])[]) =>
    keysOf([...columns, sinceColumn], keys),
  paid,
  paidKeys: (keys: readonly (readonly unknown[])[]) => keysOf(paidColumns, keys),
  hex: (bytes: string) => `encode(${bytes}, 'hex')`,
  unhex: (text: string) => `decode(${text}, 'hex')`,
  holds: (text: string) => `strpos(${text}, ?) > 0`,
  listed: (type: 'bigint' | 'text') =>
    `(select item::${type} as value from json_array_elements_text(?) as item) as k`,
  pairs: (placeholder: string) =>
    `(select place - 1 as place, (pair ->> 0)::bigint as first, (pair ->> 1)::bigint as next from json_array_elements(${placeholder}) with ordinality as l (pair, place)) as m`,
  greater: (one: string, other: string) => `greatest(${one}, ${other})`,
  joinEach: 'join',
  jsonArray: (values: readonly string[]) => `json_build_array(${values.join(', ')})`,
  jsonList: (value: string, order?: string) =>
    `coalesce(json_agg(${value}${order === undefined ? '' : ` order by ${order}`}), '[]')`,
  jsonValue: (json: string) => json,
  jsonText: (json: string) => `(${json})::text`,
};
