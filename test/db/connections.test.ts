import { once } from 'node:events';
import test from 'ava';
import type sqlite3 from 'sqlite3';
import type { Database } from '../../db/connect.js';
import { openPatientReaders } from '../../db/connect.js';
import { TookTooLong } from '../../db/sqlite/took-too-long.js';
import { StorageFailure, transact } from '../../db/transact.js';
import { makeDatabaseFile, openReadersOf, openWriterOf } from './support/database.js';
import { startProgram } from './support/processes.js';
import { bob, carol, readTables, writeStory } from './support/rows.js';

const settings = {
  foreign_keys: 1,
  synchronous: 2,
  busy_timeout: 5000,
  recursive_triggers: 1,
  trusted_schema: 0,
  journal_mode: 'wal',
} as const;

function read(connection: sqlite3.Database, setting: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    connection.get<Record<string, unknown>>(`PRAGMA ${setting}`, (error, row) =>
      error ? reject(error) : resolve(Object.values(row)[0]),
    );
  });
}

async function settingsOf(connection: sqlite3.Database): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const name of Object.keys(settings)) {
    found[name] = await read(connection, name);
  }
  return found;
}

/** Takes so many connections out of the pool at once, so that each is another one. */
async function takeConnections(database: Database, count: number): Promise<sqlite3.Database[]> {
  const taken: sqlite3.Database[] = [];
  while (taken.length < count) {
    taken.push(await database.client.acquireConnection());
  }
  return taken;
}

async function settingsOfAll(database: Database, count: number): Promise<Record<string, unknown>[]> {
  const connections = await takeConnections(database, count);
  try {
    return await Promise.all(connections.map(settingsOf));
  } finally {
    for (const connection of connections) {
      await database.client.releaseConnection(connection);
    }
  }
}

test('the writer has every setting', async (t) => {
  const writer = openWriterOf(t, await makeDatabaseFile(t));
  t.deepEqual(await settingsOfAll(writer, 1), [settings]);
});

test('every reader of the pool has every setting', async (t) => {
  const readers = openReadersOf(t, await makeDatabaseFile(t), 3);
  t.deepEqual(await settingsOfAll(readers, 3), [settings, settings, settings]);
});

test('a connection that does not take a setting is refused', async (t) => {
  const writer = openWriterOf(t, ':memory:');
  await t.throwsAsync(Promise.resolve(writer.raw('select 1')), {
    message: 'SQLite did not take PRAGMA journal_mode = WAL: it reads back as memory.',
  });
});

test('a connection does not make a file that is missing', async (t) => {
  const file = await makeDatabaseFile(t);
  const writer = openWriterOf(t, `${file}-other`);
  await t.throwsAsync(Promise.resolve(writer.raw('select 1')), { code: 'SQLITE_CANTOPEN' });
  const readers = openReadersOf(t, `${file}-other`);
  await t.throwsAsync(Promise.resolve(readers.raw('select 1')), { code: 'SQLITE_CANTOPEN' });
});

for (const statement of [
  'insert into sessions (id) values (2)',
  'update accounts set balance = 1 where id = 2',
  'delete from tokens',
  'drop table tokens',
  'create table more (a)',
  'PRAGMA user_version = 3',
]) {
  test(`a reader cannot run ${statement}`, async (t) => {
    const file = await makeDatabaseFile(t);
    const writer = openWriterOf(t, file);
    await writeStory(writer);
    const before = await readTables(writer);
    const readers = openReadersOf(t, file);
    await t.throwsAsync(Promise.resolve(readers.raw(statement)), { code: 'SQLITE_READONLY' });
    t.deepEqual(await readTables(writer), before);
  });
}

test('readers do not wait for the writer, and see what was committed before', async (t) => {
  const file = await makeDatabaseFile(t);
  const writer = openWriterOf(t, file);
  const readers = openReadersOf(t, file);
  await writer('users').insert(bob);
  const trx = await writer.transaction();
  await trx('users').insert(carol);
  const startedAtMs = performance.now();
  const during = await Promise.all([1, 2, 3, 4, 5].map(() => readers('users').pluck('id')));
  t.true(performance.now() - startedAtMs < 4_000);
  t.deepEqual(during, Array(5).fill([bob.id]));
  await trx.commit();
  t.deepEqual(await readers('users').pluck('id').orderBy('id'), [bob.id, carol.id]);
});

test('a transaction takes the write lock when it begins', async (t) => {
  const file = await makeDatabaseFile(t);
  const first = openWriterOf(t, file);
  const second = openWriterOf(t, file);
  await second.raw('PRAGMA busy_timeout = 0');
  const trx = await first.transaction();
  const error = await t.throwsAsync(
    transact(second, async () => {}),
    { instanceOf: StorageFailure },
  );
  t.like(error, { fault: 'busy', isOutcomeUnknown: false });
  await trx.rollback();
  await t.notThrowsAsync(transact(second, async () => {}));
});

test('a writer waits for one in another process', async (t) => {
  const file = await makeDatabaseFile(t);
  const writer = openWriterOf(t, file);
  const other = startProgram(t, 'lock-for-writing', [file]);
  t.is(await other.line(), 'locked');
  let isDone = false;
  const work = transact(writer, (trx) => trx('users').insert(carol)).then(() => {
    isDone = true;
  });
  // Long enough that one that does not wait has failed.
  await once(AbortSignal.timeout(500), 'abort');
  t.false(isDone);
  other.process.stdin?.end();
  await work;
  t.deepEqual(await writer('users').pluck('id'), [carol.id]);
  t.is(await other.ended, 0);
});

test('a writer that has waited for 5 s is refused, has written nothing, and works again', async (t) => {
  const file = await makeDatabaseFile(t);
  const writer = openWriterOf(t, file);
  const other = startProgram(t, 'lock-for-writing', [file]);
  t.is(await other.line(), 'locked');
  const startedAtMs = performance.now();
  const error = await t.throwsAsync(
    transact(writer, (trx) => trx('users').insert(carol)),
    { instanceOf: StorageFailure },
  );
  const waitedMs = performance.now() - startedAtMs;
  t.like(error, { fault: 'busy', isOutcomeUnknown: false });
  t.true(waitedMs >= 4_900 && waitedMs < 20_000, `${waitedMs} ms`);
  other.process.kill('SIGKILL');
  await other.ended;
  t.deepEqual(await writer('users'), []);
  await transact(writer, (trx) => trx('users').insert(carol));
  t.deepEqual(await writer('users').pluck('id'), [carol.id]);
});

test('the message of a statement that fails does not hold the values it was given', async (t) => {
  const writer = openWriterOf(t, await makeDatabaseFile(t));
  const insert = writer('users').insert({ id: 1, password_hash: 'the-secret-hash' });
  const error = await t.throwsAsync(async () => insert);
  t.regex(error.message, /SQLITE_CONSTRAINT/);
  t.notRegex(error.message, /the-secret-hash/);
});

const endless = 'with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n';

test('a statement beyond the deadline of its connection is broken off, and the connection goes on', async (t) => {
  const readers = openPatientReaders(await makeDatabaseFile(t), 1, 200);
  t.teardown(() => readers.destroy());
  const error = await t.throwsAsync(Promise.resolve(readers.raw(endless)), { instanceOf: TookTooLong });
  t.is(error?.afterMs, 200);
  t.deepEqual(await readers.raw('select 1 as one'), [{ one: 1 }]);
});
