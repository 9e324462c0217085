import { readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import test from 'ava';
import { openReaders } from '../../db/connect.js';
import { pendingMigrations } from '../../db/migrations/migrations.js';
import { runPayServerInside } from '../program/support/run-pay-server.js';

const folder = join(import.meta.dirname, '../../../test/db/fixtures');

/** A database of every schema that was committed, made by the program of that time: acts of all kinds by three people. */
const fixtures = readdirSync(folder).filter((file) => file.endsWith('.db.gz'));

async function balancesOf(file: string): Promise<Record<string, number>> {
  const readers = openReaders(file, 1);
  try {
    const rows: { username: string; balance: number }[] = await readers.raw(
      'select u.username, a.balance from users as u join accounts as a on a.user_id = u.id order by u.id',
    );
    return Object.fromEntries(rows.map(({ username, balance }) => [username, balance]));
  } finally {
    await readers.destroy();
  }
}

/** What payments have left behind, and what people were told of it. */
async function toldOf(file: string): Promise<readonly object[]> {
  const readers = openReaders(file, 1);
  try {
    return [
      await readers('entries').orderBy(['account_id', 'kind', 'payment_id']),
      await readers('events').orderBy(['user_id', 'id']),
    ];
  } finally {
    await readers.destroy();
  }
}

for (const fixture of fixtures) {
  test(`the books of ${fixture} are brought up to date and are sound`, async (t) => {
    const data = await mkdtemp(join(tmpdir(), 'pay-schema-'));
    t.teardown(() => rm(data, { recursive: true, force: true }));
    const file = join(data, 'pay.db');
    await writeFile(file, gunzipSync(await readFile(join(folder, fixture))), { mode: 0o600 });
    const before = await balancesOf(file);
    t.is(before.alice, 99_506);
    const told = await toldOf(file);
    const newest = String(/^schema-(\d+)\./.exec(fixture)?.[1]);
    const missing = pendingMigrations([]).filter((name) => name.slice(0, newest.length) > newest);
    const run = (...words: readonly string[]) => runPayServerInside([...words, '--data', data]);

    const refused = await run('check');
    t.is(refused.status, missing.length === 0 ? 0 : 1, refused.stderr);
    const looked = await run('upgrade-check');
    t.is(looked.status, 0, looked.stdout);
    const upgraded = await run('upgrade');
    t.is(upgraded.status, 0, upgraded.stderr);
    for (const name of missing) {
      t.true(upgraded.stdout.includes(name), name);
      t.true(looked.stdout.replaceAll(/\s+/g, ' ').includes(name), name);
    }
    const checked = await run('check');
    t.is(checked.status, 0, checked.stderr);
    t.deepEqual(await balancesOf(file), before);
    t.deepEqual(await toldOf(file), told);
  });
}

test('there is a database of the first schema, and one of the newest', (t) => {
  t.true(fixtures.includes('schema-011.db.gz'));
  const newest = pendingMigrations([]).at(-1);
  t.true(fixtures.includes(`schema-${newest?.slice(0, 3)}.db.gz`), newest);
});
