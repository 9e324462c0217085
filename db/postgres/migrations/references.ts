/**
 * The columns of what payments write that name a row of another table. For all rows of a statement it is looked at once, by a
 * trigger, whether what they name is there, and nothing is locked for it: what they name is never removed and keeps its number.
 */
export const checkedReferences = {
  payments: { from_user_id: 'users', to_user_id: 'users' },
  entries: { account_id: 'accounts', payment_id: 'payments' },
  idempotency_keys: { user_id: 'users', payment_id: 'payments' },
  events: { user_id: 'users', payment_id: 'payments' },
} as const;

export type CheckedTable = keyof typeof checkedReferences;

export const checkedTables = Object.keys(checkedReferences) as readonly CheckedTable[];

/** What a table's references are checked by, a column and the table that it names each. */
export const referencesOf = (table: CheckedTable): readonly (readonly [column: string, parent: string])[] =>
  Object.entries(checkedReferences[table]);

/** Each is looked up by itself: a join would keep the plan that was best when the tables were small. A column that is null names nothing. */
const namesMissing = ([column, parent]: readonly [column: string, parent: string]): string =>
  `(a.${column} is not null and (select p.id from ${parent} as p where p.id = a.${column}) is null)`;

/** The function that a table's references are checked by. The code is that of PostgreSQL's own references. */
export function referenceFunction(table: CheckedTable): string {
  const references = referencesOf(table);
  const parents = [...new Set(references.map(([, parent]) => parent))].join(' or ');
  return `create function refuse_missing_of_${table}() returns trigger language plpgsql as $$
begin
  if exists (select from added as a where ${references.map(namesMissing).join(' or ')}) then
    raise exception 'a row of ${table} names one of ${parents} that is not there' using errcode = 'foreign_key_violation';
  end if;
  return null;
end $$;`;
}

/** Rows are only ever added to these tables, so that there is no change to look at. */
export const referenceTrigger = (table: CheckedTable): string =>
  `create trigger ${table}_references after insert on ${table} referencing new table as added ` +
  `for each statement execute function refuse_missing_of_${table}();`;

/** The tables whose rows are named so and that are not append-only: their rows change, but stay. */
export const keptTables = ['users', 'accounts'] as const;

type KeptTable = (typeof keptTables)[number];

export const removalTrigger = (table: KeptTable): string =>
  `create trigger ${table}_refuse_delete before delete or truncate on ${table} ` +
  'for each statement execute function refuse_removal();';

export const numberTrigger = (table: KeptTable): string =>
  `create trigger ${table}_refuse_renumbering before update of id on ${table} ` +
  'for each row when (old.id is distinct from new.id) execute function refuse_renumbering();';
