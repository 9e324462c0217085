import type { ExecutionContext } from 'ava';
import { type Database, openMaker } from '../../../db/connect.js';
import { referenceProblems } from '../../../db/open/integrity.js';
import { schemaProblems } from '../../../db/open/schema.js';
import { openSnapshot } from '../../../db/open/snapshot.js';
import { moveBooks } from '../../../db/operate/move/move-books.js';
import { checkedTables, keptTables, referencesOf } from '../../../db/postgres/migrations/references.js';
import { holdPostgres } from '../../../db/postgres/open/hold-postgres.js';
import { migratePostgres } from '../../../db/postgres/open/postgres-migrations.js';
import { testWith } from '../../support/needs.js';
import { needsPostgres } from '../../support/on-postgres.js';
import { makePostgresDatabase } from '../../support/postgres.js';
import { makeDatabaseFile, openWriterOf } from '../support/database.js';
import { credit, event, nextPayment, readTables, remembered, writeStory } from '../support/rows.js';
import { storedRow } from '../support/stored-rows.js';

const test = testWith(needsPostgres);

const nobody = 99;
const foreignKeyViolation = '23503';

function connect(t: ExecutionContext, url: string): Database {
  const database = openMaker(url);
  t.teardown(() => database.destroy());
  return database;
}

async function makeStory(
  t: ExecutionContext,
): Promise<{ readonly url: string; readonly database: Database }> {
  const url = await makePostgresDatabase();
  const database = connect(t, url);
  await writeStory(database);
  return { url, database };
}

/** Of each table a row that may be added to the story, all that it can name named. */
const goodRows = {
  payments: storedRow('payments', nextPayment),
  entries: storedRow('entries', { ...credit, kind: 'request' }),
  idempotency_keys: storedRow('idempotency_keys', { ...remembered, key: 'key-2', payment_id: 1 }),
  events: storedRow('events', { ...event, id: event.id + 1, data: null, payment_id: 1 }),
};

test('what payments write is refused where any of it names what is not there, and else gets in', async (t) => {
  const { database } = await makeStory(t);
  for (const table of checkedTables) {
    const good = goodRows[table];
    for (const [column, parent] of referencesOf(table)) {
      const before = await readTables(database);
      // One of two rows of a statement: none of them gets in.
      await t.throwsAsync(database(table).insert([good, { ...good, ...otherKey(table), [column]: nobody }]), {
        code: foreignKeyViolation,
        message: new RegExp(`a row of ${table} names one of .*${parent}.* that is not there`),
      });
      t.deepEqual(await readTables(database), before);
    }
    await database(table).insert(good);
  }
});

/** What makes a row another one of its table. */
function otherKey(table: keyof typeof goodRows): Record<string, unknown> {
  return table === 'idempotency_keys'
    ? { key: 'key-3' }
    : table === 'entries'
      ? { kind: 'adjustment' }
      : { id: 9 };
}

test('a row that names nothing where it need not is no row that names what is not there', async (t) => {
  const { database } = await makeStory(t);
  await database('payments').insert({ ...goodRows.payments, from_user_id: null, kind: 'opening_credit' });
  await database('idempotency_keys').insert({ ...goodRows.idempotency_keys, payment_id: null });
  await database('events').insert({ ...goodRows.events, payment_id: null, data: '{}' });
  t.is((await readTables(database)).payments?.length, 2);
});

test('what is named is there for good, under its number', async (t) => {
  const { database } = await makeStory(t);
  const before = await readTables(database);
  for (const table of keptTables) {
    for (const removal of [`delete from ${table}`, `truncate ${table} cascade`]) {
      await t.throwsAsync(database.raw(removal), { message: /are kept|append-only/ }, removal);
    }
    await t.throwsAsync(database(table).where({ id: 1 }).update({ id: nobody }), {
      message: new RegExp(`${table} keep their numbers`),
    });
  }
  t.deepEqual(await readTables(database), before);
});

test('a row that names what another transaction has yet to commit is refused', async (t) => {
  const { url, database } = await makeStory(t);
  const other = connect(t, url);
  const trx = await other.transaction();
  await trx('payments').insert(goodRows.payments);
  await t.throwsAsync(database('events').insert({ ...goodRows.events, payment_id: nextPayment.id }), {
    code: foreignKeyViolation,
  });
  await trx.commit();
  await database('events').insert({ ...goodRows.events, payment_id: nextPayment.id });
  t.pass();
});

test('rows that were added past the triggers are found, and a start refuses books without them', async (t) => {
  const { url, database } = await makeStory(t);
  for (const table of checkedTables) {
    await database.raw(`alter table ${table} disable trigger ${table}_references`);
    await t.throwsAsync(holdPostgres(url), {
      message: new RegExp(`looks whether what ${table} name is there is missing or disabled`),
    });
    for (const [index, [column]] of referencesOf(table).entries()) {
      const key = index === 0 ? {} : otherKey(table);
      await database(table).insert({ ...goodRows[table], ...key, [column]: nobody });
    }
    await database.raw(`alter table ${table} enable trigger ${table}_references`);
  }
  const snapshot = await openSnapshot(url);
  t.teardown(() => snapshot.close());
  t.deepEqual(await schemaProblems(snapshot), []);
  t.deepEqual(
    (await referenceProblems(snapshot, [])).toSorted(),
    checkedTables
      .flatMap((table) =>
        referencesOf(table).map(
          ([, parent]) => `1 row of ${table} name a row of ${parent} that is not there`,
        ),
      )
      .toSorted(),
  );
});

test('books in which a row names what is not there are not moved', async (t) => {
  const file = await makeDatabaseFile(t);
  const writer = openWriterOf(t, file);
  await writeStory(writer);
  await writer.raw('PRAGMA foreign_keys = OFF');
  await writer('events').insert({ ...goodRows.events, payment_id: nobody });
  await writer.destroy();
  const url = await makePostgresDatabase({ isEmpty: true });
  const { signal } = new AbortController();
  await t.throwsAsync(moveBooks({ from: file, to: url, toOption: '--to', signal, onProgress: () => {} }), {
    message: /foreign key/,
  });
  t.deepEqual(await connect(t, url)('events').select(), []);
});

test('books of the version before are brought up to date with all that is in them', async (t) => {
  const url = await makePostgresDatabase({ isEmpty: true });
  const database = connect(t, url);
  await migratePostgres(database, '007-followers');
  await writeStory(database);
  const before = await readTables(database);
  const held = await holdPostgres(url);
  await held.release();
  t.deepEqual(held.applied, ['008-references', '009-receipts']);
  t.deepEqual(await readTables(database), before);
  const snapshot = await openSnapshot(url);
  t.teardown(() => snapshot.close());
  t.deepEqual(await schemaProblems(snapshot), []);
});
