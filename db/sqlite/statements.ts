/** The SQL of SQLite where it is not PostgreSQL's; what each gives is said in db/dialect.ts. */

const quoted = (name: string) => `"${name}"`;

interface Matching {
  readonly table: string;
  readonly columns: readonly string[];
  readonly nulls: readonly boolean[];
  readonly atMost: number;
  readonly newest?: { readonly by: number; readonly among: number } | undefined;
}

/** Null equals null only where a key asks for null: `=` finds its index where it is partial, `is` does not. */
const matchOf = (columns: readonly string[], nulls: readonly boolean[]) =>
  columns
    .map((column, index) =>
      nulls[index] ? `t.${quoted(column)} is null` : `t.${quoted(column)} = k.value ->> ${index}`,
    )
    .join(' and ');

/** SQLite finds the newest in an index of the first columns, the number and the others, and reads one row of the table. */
function newestText({ table, columns, nulls }: Matching, by: number, among: number, wanted: string): string {
  const first = matchOf(columns.slice(0, by), nulls).replaceAll('t.', 'r.');
  const others = columns.slice(by);
  const rest = others.map((column, index) => `s.${quoted(column)} = k.value ->> ${by + index}`).join(' and ');
  return (
    `select ${wanted} from jsonb_each(?) as k cross join ${quoted(table)} as t where t.id = (select max(s.id) from ` +
    `(select r.id, ${others.map((column) => `r.${quoted(column)}`).join(', ')} from ${quoted(table)} as r ` +
    `where ${first} order by r.id desc limit ${among}) as s where ${rest})`
  );
}

function matching(asked: Matching, wanted: string): string {
  const { table, columns, nulls, atMost, newest } = asked;
  if (newest) {
    return newestText(asked, newest.by, newest.among, wanted);
  }
  const match = matchOf(columns, nulls);
  if (atMost === 1) {
    // A cross join makes SQLite read the keys first and look each up by the index of the table.
    return `select ${wanted} from jsonb_each(?) as k cross join ${quoted(table)} as t where ${match}`;
  }
  const inner = match.replaceAll('t.', 's.');
  return (
    `select ${wanted} from jsonb_each(?) as k cross join ${quoted(table)} as t ` +
    `where t.id in (select s.id from ${quoted(table)} as s where ${inner} order by s.id desc limit ${atMost + 1})`
  );
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
    `from jsonb_each(?) as k left join ${quoted(table)} as t ` +
    `on ${matchOf(columns, [])} and t.${since} >= k.value ->> ${columns.length} and t.id <= ? group by k.key order by k.key`
  );
}

const ofPaid = 'e.account_id = a.id and e.kind = k.value ->> 1 and e.amount < 0';

/**
 * Both ends of each range of entries are numbers of payments, so that nothing but what is counted is read. What is paid to and
 * fro adds up to more than there is, which a sum would refuse beyond 64 bits: a total is exact as long as it is safe, and what is
 * not safe is beyond every limit.
 */
const paid = `
  select
    (select total(-e.amount) from entries as e
      where ${ofPaid} and e.payment_id > k.value ->> 4 and e.payment_id <= k.value ->> 5) -
    (select total(-e.amount) from entries as e
      where ${ofPaid} and e.payment_id >= k.value ->> 2 and e.payment_id < k.value ->> 3) as change,
    (select p.created_at from entries as e cross join payments as p on p.id = e.payment_id
      where ${ofPaid} and e.payment_id between k.value ->> 3 and k.value ->> 5
      order by e.payment_id limit 1) as first
  from json_each(?) as k left join accounts as a on a.user_id = k.value ->> 0 order by k.key`;

type Keys = readonly (readonly unknown[])[];

export const sqliteDialect = {
  matching,
  matchingKeys: (_columns: readonly string[], keys: Keys) => JSON.stringify(keys),
  sums,
  sumsKeys: (_summing: Summing, keys: Keys) => JSON.stringify(keys),
  paid,
  paidKeys: (keys: Keys) => JSON.stringify(keys),
  hex: (bytes: string) => `lower(hex(${bytes}))`,
  unhex: (text: string) => `unhex(${text})`,
  holds: (text: string) => `instr(${text}, ?) > 0`,
  listed: () => 'json_each(?) as k',
  pairs: (placeholder: string) =>
    `(select key as place, value ->> 0 as first, value ->> 1 as next from json_each(${placeholder})) as m`,
  greater: (one: string, other: string) => `max(${one}, ${other})`,
  // A cross join makes SQLite read what stands before it first.
  joinEach: 'cross join',
  jsonArray: (values: readonly string[]) => `json_array(${values.join(', ')})`,
  jsonList: (value: string, order?: string) =>
    `json_group_array(${value}${order === undefined ? '' : ` order by ${order}`})`,
  jsonValue: (json: string) => `json(${json})`,
  jsonText: (json: string) => json,
};
