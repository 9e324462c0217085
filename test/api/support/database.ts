import sqlite3 from 'sqlite3';
import { isPostgres } from '../../../db/postgres/place.js';
import { type IdPrefix, rowNumber } from '../../../server/ids.js';
import { placeOf } from '../../support/engine.js';

type Value = string | number | null;
type Row = Record<string, Value>;

function runOnFile(file: string, sql: string, values: readonly Value[]): Promise<readonly Row[]> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(file);
    database.configure('busyTimeout', 5_000);
    database.all<Row>(sql, [...values], (error, rows) => {
      database.close((closing) => (error || closing ? reject(error ?? closing) : resolve(rows)));
    });
  });
}

async function runOnPostgres(url: string, sql: string, values: readonly Value[]): Promise<readonly Row[]> {
  // Loaded where it is needed: most servers keep their books in a file.
  const { openMaker } = await import('../../../db/connect.js');
  const database = openMaker(url);
  try {
    return await database.raw(sql, [...values]);
  } finally {
    await database.destroy();
  }
}

/** Runs one statement on the database of a server, beside it, and gives the rows. */
export function runSql(
  { dataDir }: { readonly dataDir: string },
  sql: string,
  values: readonly Value[] = [],
): Promise<readonly Row[]> {
  const place = placeOf(dataDir);
  return isPostgres(place) ? runOnPostgres(place, sql, values) : runOnFile(place, sql, values);
}

/** Has the database refuse every new row of a table, until what this gives is called. */
export async function refuseRows(
  server: { readonly dataDir: string },
  table: string,
): Promise<() => Promise<unknown>> {
  const when = `create trigger no_room before insert on ${table}`;
  if (!isPostgres(placeOf(server.dataDir))) {
    await runSql(server, `${when} begin select raise(abort, 'no room'); end`);
    return () => runSql(server, 'drop trigger no_room');
  }
  await runSql(
    server,
    `create function no_room() returns trigger language plpgsql as $$ begin raise exception 'no room'; end $$;
     ${when} for each statement execute function no_room()`,
  );
  return () => runSql(server, `drop trigger no_room on ${table}; drop function no_room`);
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
