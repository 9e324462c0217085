import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { type Database, openMaker, openReaders, openWriter } from '../../../db/connect.js';
import { DatabaseProblem } from '../../../db/files/database-problem.js';
import { schemaProblems } from '../../../db/open/schema.js';
import { openSnapshot } from '../../../db/open/snapshot.js';
import { holdPostgres } from '../../../db/postgres/open/hold-postgres.js';
import { postgresProblem } from '../../../db/postgres/open/postgres-problem.js';
import { PostgresError } from '../../../db/postgres/postgres-error.js';
import { tableNames, tables } from '../../../db/tables.js';
import { readBooks } from '../../../server/doctor/read-books.js';
import { checkDatabaseFile } from '../../../server/features/books/check-database.js';
import { startServer } from '../../api/support/api-server.js';
import { diagnose } from '../../program/support/doctor.js';
import { testWith } from '../../support/needs.js';
import { needsPostgres } from '../../support/on-postgres.js';
import { makePostgresDatabase } from '../../support/postgres.js';
import { until } from '../../support/until.js';

const test = testWith(needsPostgres);

function connect(t: ExecutionContext, url: string): Database {
  const database = openMaker(url);
  t.teardown(() => database.destroy());
  return database;
}

const nameOf = (url: string) => new URL(url).pathname.slice(1);

test('a first start makes the books in an empty database, and the next finds them as they are', async (t) => {
  const url = await makePostgresDatabase({ isEmpty: true });
  const first = await holdPostgres(url);
  t.deepEqual(first.applied, []);
  await first.release();
  const second = await holdPostgres(url);
  await second.release();
  const snapshot = await openSnapshot(url);
  t.teardown(() => snapshot.close());
  t.deepEqual(await schemaProblems(snapshot), []);
});

test('books are kept in a schema whose name needs quotes as in any other', async (t) => {
  const url = await makePostgresDatabase({ isEmpty: true });
  const database = connect(t, url);
  await database.raw('create schema "Pay-App"');
  await database.raw(`alter database ${nameOf(url)} set search_path = "Pay-App"`);
  await database.raw(`alter database ${nameOf(url)} set quote_all_identifiers = on`);
  const held = await holdPostgres(url);
  await held.release();
  t.deepEqual((await checkDatabaseFile(url)).problems, []);
});

test('every table has the columns that the ledger writes, and no other', async (t) => {
  const database = connect(t, await makePostgresDatabase());
  for (const table of tableNames) {
    const rows: { name: string }[] = await database.raw(
      'select attname as name from pg_attribute where attrelid = ?::regclass and attnum > 0 and not attisdropped',
      [table],
    );
    t.deepEqual(rows.map(({ name }) => name).toSorted(), [...tables[table].columns].toSorted(), table);
  }
});

test('each server has a chain of its own, and the next takes the first that is free', async (t) => {
  const url = await makePostgresDatabase({ isEmpty: true });
  const [one, other] = await Promise.all([holdPostgres(url), holdPostgres(url)]);
  t.deepEqual([one.place.chain, other.place.chain].toSorted(), [1, 3]);
  await one.release();
  const next = await holdPostgres(url);
  t.is(next.place.chain, one.place.chain);
  await Promise.all([other.release(), next.release()]);
});

test('a database is not brought up to date while servers of an older version use it', async (t) => {
  const url = await makePostgresDatabase();
  const held = await holdPostgres(url);
  t.teardown(() => held.release());
  // As a newer program sees it, to which the newest of ours is unknown to the database.
  await connect(t, url).raw('delete from migrations where id = (select max(id) from migrations)');
  await t.throwsAsync(holdPostgres(url), { message: /older version runs on .*Stop all of them/ });
});

for (const [setting, value, says] of [
  ['synchronous_commit', 'off', /synchronous_commit=off: .*Set it to on/],
  ['session_replication_role', 'replica', /role=replica: .*reset session_replication_role/],
  ['search_path', 'elsewhere', /no schema that its search_path names.*reset search_path/],
] as const) {
  test(`a database with ${setting}=${value} is refused with what to do`, async (t) => {
    const url = await makePostgresDatabase();
    await connect(t, url).raw(`alter database ${nameOf(url)} set ${setting} = ${value}`);
    await t.throwsAsync(holdPostgres(url), { message: says });
  });
}

test('the check says that no trigger fires in a database, though all are there', async (t) => {
  const url = await makePostgresDatabase();
  await connect(t, url).raw(`alter database ${nameOf(url)} set session_replication_role = replica`);
  const { problems, balanced } = await checkDatabaseFile(url);
  t.false(balanced);
  t.is(problems.length, 1);
  t.regex(problems[0] ?? '', /is switched off \(session_replication_role=replica\); set it back: .*reset/);
});

test('a database that something else uses is refused and stays as it is', async (t) => {
  const url = await makePostgresDatabase({ isEmpty: true });
  const database = connect(t, url);
  await database.raw('create table customers (id int)');
  await t.throwsAsync(holdPostgres(url), {
    message: /used by something else than pay: it has the table customers/,
  });
  const rows = await database.raw("select 1 from pg_class where relname = 'migrations'");
  t.deepEqual(rows, []);
});

test('a database of a newer version is refused', async (t) => {
  const url = await makePostgresDatabase();
  await connect(t, url).raw("insert into migrations (name, batch) values ('900-later', 2)");
  await t.throwsAsync(holdPostgres(url), { message: /newer version of pay \(it has 900-later/ });
});

test('a PostgreSQL that does not answer, or lets nobody in, is told without its password', async (t) => {
  const url = await makePostgresDatabase();
  const wrong = url.replace(':password@', ':sesame@');
  const closed = url.replace(/@127.0.0.1:\d+/, '@127.0.0.1:1');
  for (const [place, says] of [
    [wrong, /does not let this user in/],
    [closed, /does not answer at postgres:\/\/postgres@127.0.0.1:1\//],
    [`${url}?sslmode=require&application_name=sesame`, /has TLS switched off, .* another sslmode/],
  ] as const) {
    const error = await t.throwsAsync(holdPostgres(place), { message: says });
    t.false(`${error?.message}`.includes('sesame'));
  }
});

test('a password that is missing, and a certificate that is not believed, are told with what to do', (t) => {
  const url = 'postgres://pay@db/pay';
  const told = (message: string, code?: string) =>
    (postgresProblem(url, new PostgresError(Object.assign(new Error(message), { code }), false)) as Error)
      .message;
  t.regex(told('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string'), /wants a password/);
  t.regex(told('self-signed certificate', 'DEPTH_ZERO_SELF_SIGNED_CERT'), /not believed .*&sslrootcert=/);
  t.regex(told('connect ECONNREFUSED 127.0.0.1:1', 'ECONNREFUSED'), /does not answer/);
});

test('books whose tables are those of another user, as a restore leaves them, are refused by start, check and doctor alike', async (t) => {
  const url = await makePostgresDatabase();
  const database = connect(t, url);
  const role = `stranger_${nameOf(url)}`;
  await database.raw(`create role ${role} login password 'sesame'`);
  const strangers = url.replace('//postgres:password@', `//${role}:sesame@`);
  for (const look of [holdPostgres, checkDatabaseFile, readBooks]) {
    const error = await t.throwsAsync(look(strangers), { instanceOf: DatabaseProblem });
    t.regex(error.message, /not do what it must \(permission denied for table migrations\)/);
    t.notRegex(error.message, /sesame/);
  }
});

test('what was written is neither changed nor removed, not even all at once', async (t) => {
  const database = connect(t, await makePostgresDatabase());
  for (const table of ['payments', 'entries', 'rates', 'idempotency_keys', 'events', 'audit']) {
    for (const act of [`delete from ${table}`, `truncate ${table} cascade`]) {
      await t.throwsAsync(database.raw(act), { message: /append-only/ }, act);
    }
  }
});

test('a start refuses books whose trigger was switched off, and the check names it', async (t) => {
  const url = await makePostgresDatabase();
  await connect(t, url).raw('alter table payments disable trigger payments_append_only');
  await t.throwsAsync(holdPostgres(url), {
    message: /trigger that keeps payments append-only is missing or disabled/,
  });
  const snapshot = await openSnapshot(url);
  t.teardown(() => snapshot.close());
  t.deepEqual(await schemaProblems(snapshot), [
    'the trigger payments_append_only of payments is not as it was made',
  ]);
});

test('a chain whose lock is lost with its connection is taken again', async (t) => {
  const url = await makePostgresDatabase();
  const held = await holdPostgres(url);
  const others = connect(t, url);
  const holders =
    "select pid from pg_locks where locktype = 'advisory' and objid = 101 and database = (select oid from pg_database where datname = current_database())";
  const [{ pid }] = await others.raw(holders);
  await others.raw('select pg_terminate_backend(?)', [pid]);
  await until('the lock again', async () => {
    const rows: { pid: number }[] = await others.raw(holders);
    return rows.length === 1 && rows[0]?.pid !== pid ? true : undefined;
  });
  const next = await holdPostgres(url);
  t.is(next.place.chain, 3);
  await Promise.all([held.release(), next.release()]);
});

test('readers cannot write, and large numbers come back as they were', async (t) => {
  const url = await makePostgresDatabase();
  const readers = openReaders(url, 1);
  t.teardown(() => readers.destroy());
  await t.throwsAsync(readers.raw('delete from inboxes'), { message: /read-only/ });
  const [row] = await readers.raw('select ?::bigint as n', [Number.MAX_SAFE_INTEGER]);
  t.is(row.n, Number.MAX_SAFE_INTEGER);
  await t.throwsAsync(readers.raw("select '9007199254740993'::bigint as n"), {
    message: /not a safe integer/,
  });
});

test('a connection that is cut is replaced by the next', async (t) => {
  const url = await makePostgresDatabase();
  const writer = openWriter(url);
  t.teardown(() => writer.destroy());
  const [{ pid }] = await writer.raw('select pg_backend_pid() as pid');
  await connect(t, url).raw('select pg_terminate_backend(?)', [pid]);
  await t.throwsAsync(async () => {
    await writer.raw('select 1');
    throw new Error('it was replaced before anybody asked');
  });
  const [row] = await writer.raw('select 1 as one');
  t.is(row.one, 1);
});

test('why a connection ended between two questions is told by whoever asks next', async (t) => {
  const url = await makePostgresDatabase();
  const snapshot = await openSnapshot(url);
  t.teardown(() => snapshot.close());
  const [backend] = await snapshot.raw<{ pid: number }>('select pg_backend_pid() as pid');
  const pid = backend?.pid ?? 0;
  const other = connect(t, url);
  await other.raw('select pg_terminate_backend(?)', [pid]);
  await until('it is gone', async () => {
    const left: unknown[] = await other.raw('select pid from pg_stat_activity where pid = ?', [pid]);
    return left.length === 0;
  });
  // Its last word came before it was gone, and is read in a turn of the loop.
  for (let turn = 0; turn < 3; turn += 1) {
    await new Promise(setImmediate);
  }
  const error = await t.throwsAsync(snapshot.raw('select 1'), { instanceOf: PostgresError });
  t.is(error.code, '57P01');
  const { message } = postgresProblem(url, error) as Error;
  t.regex(message, /terminating connection due to administrator command\). Look into the log/);
});

test('the doctor names a server of its data folder that has another database, and takes it for no other', async (t) => {
  const [url, other] = [await makePostgresDatabase(), await makePostgresDatabase()];
  const server = await startServer({ environment: { PAY_DATABASE_URL: url } });
  t.teardown(() => server.stop());
  const seen = async (...words: string[]) =>
    (await diagnose(['--data', server.dataDir, ...words])).of('server');
  t.regex((await seen('--database-url', url)).text, /^process \d+ at https:.* takes payments$/);
  for (const words of [[], ['--database-url', other]]) {
    const { text, remedy } = await seen(...words);
    t.regex(
      text,
      /^none runs on this database; process \d+ at https:.* runs from this data folder on another one: /,
    );
    t.true(text.endsWith(nameOf(url)), text);
    t.notRegex(text, /:password@/);
    t.regex(remedy ?? '', /--database-url/);
  }
});

test('the doctor looks at a database of PostgreSQL, and names a server of another data folder on it', async (t) => {
  const [url, data] = [await makePostgresDatabase(), await mkdtemp(join(tmpdir(), 'pay-doctor-'))];
  t.teardown(() => rm(data, { recursive: true, force: true }));
  const args = ['--data', data, '--database-url', url];
  const found = await diagnose(args);
  t.regex(found.of('database').text, /^postgres:\/\/postgres@127.*payments: 0, schema 00\d-/);
  t.regex(found.of('database').text, /; it takes [1-9][\d.]* MB and syncs what it acknowledges$/);
  t.is(found.of('database').verdict, 'right');
  t.regex(
    found.of('disk').text,
    /free where the data folder is; that of PostgreSQL, which holds the books, is not/,
  );
  t.notRegex(JSON.stringify(found.findings), /0 bytes|disk speed/);
  t.is(found.of('server').text, 'none runs');
  t.regex(found.of('backups').text, /made by its own tools/);
  t.notRegex(JSON.stringify(found.findings), /postgres:password@/);
  const held = await holdPostgres(url);
  t.regex((await diagnose(args)).of('server').text, /one of another data folder has this database/);
  await held.release();
  const database = connect(t, url);
  await database.raw('alter table payments disable trigger payments_append_only');
  const broken = await diagnose(args);
  t.is(broken.status, 1);
  t.regex(broken.of('database').text, /trigger that keeps payments append-only is missing or disabled/);
  const gone = await diagnose(['--data', data, '--database-url', url.replace(/pay_\w+$/, 'nowhere')]);
  t.regex(gone.of('database').text, /does not let this user in/);
});
