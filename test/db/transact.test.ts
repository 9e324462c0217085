import test, { type ExecutionContext } from 'ava';
import type { Database, Transaction } from '../../db/connect.js';
import { StorageFailure, type StorageFault, transact } from '../../db/transact.js';
import { makeDatabaseFile, openWriterOf } from './support/database.js';
import { bob, carol, carolAccount } from './support/rows.js';

const makeWriter = async (t: ExecutionContext) => openWriterOf(t, await makeDatabaseFile(t));

async function assertFails(
  t: ExecutionContext,
  writer: Database,
  fault: StorageFault,
  work: (trx: Transaction) => Promise<unknown>,
): Promise<string> {
  const error = await t.throwsAsync(transact(writer, work), { instanceOf: StorageFailure });
  t.like(error, { fault, isOutcomeUnknown: false });
  return error?.message ?? '';
}

async function assertWorks(t: ExecutionContext, writer: Database): Promise<void> {
  t.is(
    await transact(writer, async (trx) => {
      await trx('users').insert(bob);
      return 'done';
    }),
    'done',
  );
  t.deepEqual(await writer('users').pluck('id'), [bob.id]);
}

/** Fills the pages that are left with more bytes than they can take. */
const fill = (trx: Transaction) => trx('users').insert({ ...carol, password_hash: 'x'.repeat(1_000_000) });

test('a transaction gives what its work gives, and has written it', async (t) => {
  await assertWorks(t, await makeWriter(t));
});

test('what the work throws passes through, and nothing is written', async (t) => {
  const writer = await makeWriter(t);
  const error = new Error('no');
  const thrown = await t.throwsAsync(
    transact(writer, async (trx) => {
      await trx('users').insert(carol);
      throw error;
    }),
  );
  t.is(thrown, error);
  await assertWorks(t, writer);
});

test('a row that the database refuses takes back the whole transaction', async (t) => {
  const writer = await makeWriter(t);
  const message = await assertFails(t, writer, 'constraint', async (trx) => {
    await trx('users').insert(carol);
    await trx('users').insert(carol);
  });
  t.regex(message, /UNIQUE constraint failed/);
  await assertWorks(t, writer);
});

test('a commit that the database refuses takes back the transaction, and the connection works on', async (t) => {
  const writer = await makeWriter(t);
  const message = await assertFails(t, writer, 'constraint', async (trx) => {
    await trx.raw('PRAGMA defer_foreign_keys = ON');
    await trx('users').insert(carol);
    await trx('accounts').insert({ ...carolAccount, user_id: 99 });
  });
  t.regex(message, /FOREIGN KEY constraint failed/);
  t.deepEqual(await writer('accounts'), []);
  await assertWorks(t, writer);
});

test('a full disk takes back the transaction, and the next works once there is room', async (t) => {
  const writer = await makeWriter(t);
  const [{ page_count: pages }] = await writer.raw('PRAGMA page_count');
  await writer.raw(`PRAGMA max_page_count = ${pages}`);
  await assertFails(t, writer, 'full', fill);
  await assertFails(t, writer, 'full', fill);
  t.deepEqual(await writer('users'), []);
  await writer.raw('PRAGMA max_page_count = 1000000');
  await assertWorks(t, writer);
});

test('where SQLite has rolled back by itself, the first error is the one that is told', async (t) => {
  const writer = await makeWriter(t);
  await writer.raw(
    "create temp trigger all_or_nothing before insert on main.users begin select raise(rollback, 'by itself'); end",
  );
  const message = await assertFails(t, writer, 'constraint', (trx) => trx('users').insert(carol));
  t.regex(message, /by itself/);
  await writer.raw('drop trigger temp.all_or_nothing');
  await assertWorks(t, writer);
});

test('where SQLite has rolled back by itself, an error of the work after that is told', async (t) => {
  const writer = await makeWriter(t);
  await writer.raw(
    "create temp trigger all_or_nothing before insert on main.users begin select raise(rollback, 'by itself'); end",
  );
  const error = new Error('the work says so');
  const thrown = await t.throwsAsync(
    transact(writer, async (trx) => {
      await t.throwsAsync(Promise.resolve(trx('users').insert(carol)));
      throw error;
    }),
  );
  t.is(thrown, error);
  await writer.raw('drop trigger temp.all_or_nothing');
  await assertWorks(t, writer);
});

test('what others have undone is tried again, eight times in all', async (t) => {
  const writer = await makeWriter(t);
  let tries = 0;
  const failing = (times: number) => async (trx: Transaction) => {
    tries += 1;
    await trx.raw('select 1');
    if (tries <= times) {
      throw new StorageFailure('conflict', false, new Error('undone for the sake of others'));
    }
    return tries;
  };
  t.is(await transact(writer, failing(7)), 8);
  tries = 0;
  await assertFails(t, writer, 'conflict', failing(1_000));
  t.is(tries, 8);
  await assertWorks(t, writer);
});

test('transactions on one writer wait for each other', async (t) => {
  const writer = await makeWriter(t);
  const seen: string[] = [];
  await Promise.all(
    ['a', 'b', 'c'].map((name) =>
      transact(writer, async (trx) => {
        seen.push(`${name} begins`);
        await trx.raw('select 1');
        seen.push(`${name} ends`);
      }),
    ),
  );
  t.deepEqual(
    seen,
    ['a', 'b', 'c'].flatMap((name) => [`${name} begins`, `${name} ends`]),
  );
});
