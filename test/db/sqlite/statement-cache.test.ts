import test from 'ava';
import sqlite3 from 'sqlite3';
import { makeStatementCache } from '../../../db/sqlite/statement-cache.js';

function openInMemory(): Promise<sqlite3.Database> {
  return new Promise((resolve, reject) => {
    const connection = new sqlite3.Database(':memory:', (error) =>
      error ? reject(error) : resolve(connection),
    );
  });
}

const close = (connection: sqlite3.Database): Promise<void> =>
  new Promise((resolve, reject) => connection.close((error) => (error ? reject(error) : resolve())));

test('a statement is prepared once, until 128 others were asked for', async (t) => {
  const connection = await openInMemory();
  const cache = makeStatementCache(connection);
  const first = await cache.get('select 0');
  for (let number = 1; number < 128; number += 1) {
    await cache.get(`select ${number}`);
  }
  t.is(await cache.get('select 0'), first);
  await cache.get('select 128');
  t.not(await cache.get('select 0'), first);
  // SQLite closes no connection of which a statement is left.
  await cache.clear();
  await close(connection);
});

test('what SQLite cannot compile is thrown, and is no statement', async (t) => {
  const connection = await openInMemory();
  const cache = makeStatementCache(connection);
  await t.throwsAsync(cache.get('selekt 1'), { message: /syntax error/ });
  await cache.clear();
  await close(connection);
  t.pass();
});
