import { join } from 'node:path';
import sqlite3 from 'sqlite3';
import { type IdPrefix, rowNumber } from '../../../server/ids.js';

type Value = string | number | null;

/** Runs one statement on the database of a server, beside it, and gives the rows. */
export async function runSql(
  { dataDir }: { readonly dataDir: string },
  sql: string,
  values: readonly Value[] = [],
): Promise<readonly Record<string, Value>[]> {
  const database = new sqlite3.Database(join(dataDir, 'pay.db'));
  database.configure('busyTimeout', 5_000);
  try {
    return await new Promise((resolve, reject) => {
      database.all<Record<string, Value>>(sql, [...values], (error, rows) =>
        error ? reject(error) : resolve(rows),
      );
    });
  } finally {
    await new Promise<void>((resolve, reject) => {
      database.close((error) => (error ? reject(error) : resolve()));
    });
  }
}

/** Changes rows as another writer does: by the count of commits a ledger sees that the books have moved. */
export async function changeRows(
  server: { readonly dataDir: string },
  sql: string,
  values: readonly Value[] = [],
): Promise<void> {
  await runSql(server, sql, values);
  await runSql(server, "update chain_heads set position = position + 1 where name = 'commits'");
}

/** The number of the row that has this id. */
export function numberOf(id: string): number {
  const number = rowNumber(id.slice(0, 3) as IdPrefix, id);
  if (number === undefined) {
    throw new Error(`${id} is no id.`);
  }
  return number;
}

/** The rows of people's money: balance, entries, payments and idempotency keys of each. */
export async function booksOf(
  server: { readonly dataDir: string },
  people: readonly { readonly id: string }[],
): Promise<readonly unknown[]> {
  return runSql(
    server,
    `select a.user_id, a.balance,
            (select count(*) from entries e where e.account_id = a.id) as entries,
            (select count(*) from payments p where a.user_id in (p.from_user_id, p.to_user_id)) as payments,
            (select count(*) from idempotency_keys k where k.user_id = a.user_id) as keys
       from accounts a where a.user_id in (${people.map(() => '?').join()}) order by a.user_id`,
    people.map(({ id }) => numberOf(id)),
  );
}
