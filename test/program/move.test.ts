import { existsSync } from 'node:fs';
import { chmod, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import anyTest, { type ExecutionContext } from 'ava';
import { openMaker } from '../../db/connect.js';
import { lockDatabase } from '../../db/open/lock-database.js';
import { schemaProblems } from '../../db/open/schema.js';
import { openSnapshot } from '../../db/open/snapshot.js';
import { moveBooks } from '../../db/operate/move/move-books.js';
import { holdPostgres } from '../../db/postgres/open/hold-postgres.js';
import { checkDatabaseFile } from '../../server/features/books/check-database.js';
import { payServer, startChild } from '../db/support/processes.js';
import { fillDisk, makeSmallDisk } from '../faults/support/small-disk.js';
import { makeFolder, sampleBooks } from '../features/books/support/sample-books.js';
import { needsMount, testWith } from '../support/needs.js';
import { needsPostgres } from '../support/on-postgres.js';
import { makePostgresDatabase, postgresServer } from '../support/postgres.js';
import { startRelay } from '../support/postgres-relay.js';
import { until } from '../support/until.js';
import { runPayServerInside } from './support/run-pay-server.js';

const test = testWith(needsPostgres);

anyTest.before('PostgreSQL is there, made before a command narrows who may read new files', async () => {
  await (needsPostgres.isThere() && postgresServer());
});

const move = (from: string, to: string) => runPayServerInside(['move', '--database-url', from, '--to', to]);

async function countOf(t: ExecutionContext, url: string, table: string): Promise<number> {
  const database = openMaker(url);
  t.teardown(() => database.destroy());
  const [found] = await database.raw(`select count(*) as rows from ${table}`);
  return found?.rows;
}

test('books go to PostgreSQL and back, and are the same books at each place', async (t) => {
  const file = await sampleBooks(t);
  const before = await checkDatabaseFile(file);
  const url = await makePostgresDatabase({ isEmpty: true });
  const there = await move(file, url);
  t.is(there.status, 0, there.stderr);
  t.regex(
    there.stdout,
    /holds the books now, each row as it was \(payments: \d+; hash of the newest: [0-9a-f]{64}\)/,
  );
  t.false(there.stdout.includes('password@'));
  t.deepEqual(await checkDatabaseFile(url), before);
  const snapshot = await openSnapshot(url);
  t.teardown(() => snapshot.close());
  t.deepEqual(await schemaProblems(snapshot), []);

  const back = join(await makeFolder(t), 'back.db');
  const returned = await move(url, back);
  t.is(returned.status, 0, returned.stderr);
  t.deepEqual(await checkDatabaseFile(back), before);
  const hashOf = (text: string) => /hash of the newest: (\w+)/.exec(text)?.[1];
  t.is(hashOf(returned.stdout), hashOf(there.stdout));
});

test('transfers that are told by events, as older versions did, are right on PostgreSQL, and wrong where one is told twice', async (t) => {
  const url = await makePostgresDatabase({ isEmpty: true });
  await move(await sampleBooks(t), url);
  const database = openMaker(url);
  t.teardown(() => database.destroy());
  const tell = async () => {
    await database.raw('set session_replication_role = replica');
    await database.raw(`
      with moved as (update chain_heads set position = position + 1 where name = 'events' returning position)
      insert into events (user_id, id, type, at, payment_id)
        select p.to_user_id, (select position from moved), 'payment.received', 1, p.id
        from payments as p join entries as e on e.payment_id = p.id
        where p.kind = 'transfer' and e.kind in ('receipt', 'transfer') and e.amount > 0 order by p.id limit 1`);
    await database.raw(`
      update entries as e set kind = 'transfer' from events as v
        where v.payment_id = e.payment_id and v.type = 'payment.received' and e.kind = 'receipt'`);
  };
  await tell();
  t.deepEqual((await checkDatabaseFile(url)).problems, []);
  await tell();
  t.regex(
    (await checkDatabaseFile(url)).problems.join(),
    /of 1 transfers without a receipt 1 are told .* by 2 events/,
  );
});

anyTest('a place that is misspelt is no folder of that name, and its password is not shown', async (t) => {
  const file = await sampleBooks(t);
  for (const to of [
    'postgress://u:hush@db/pay',
    'mysql://u:hush@db/pay',
    'postgres://u:hush@db',
    ':memory:',
    '',
  ]) {
    const { status, stdout, stderr } = await move(file, to);
    t.is(status, 2, to);
    t.is(stdout, '');
    t.regex(stderr, /--to: .* is not right; give /);
    t.notRegex(stderr, /hush/);
    t.false(existsSync(to.split('/')[0] || 'none'), to);
  }
});

test('books are not moved to where they are, and that is what is said', async (t) => {
  for (const place of [await sampleBooks(t), await makePostgresDatabase()]) {
    const { status, stderr } = await move(place, place);
    t.is(status, 1);
    t.regex(stderr, /is where the books are\. Name another place .* Nothing was changed/);
  }
});

testWith(needsMount)(
  'a disk without room has nothing of a move on it, and that is what is said',
  async (t) => {
    const disk = await makeSmallDisk(t);
    const ballast = await fillDisk(disk);
    // There is room for the lock and where the tables begin.
    await truncate(ballast, (await stat(ballast)).size - 128 * 1024);
    const file = await sampleBooks(t);
    const to = join(disk, 'pay.db');
    const refused = await move(file, to);
    t.is(refused.status, 1);
    t.true(refused.stderr.includes(`There is no room on the disk for ${to}`), refused.stderr);
    t.deepEqual(await readdir(disk), ['ballast', 'pay.db.lock']);
    await rm(ballast);
    t.is((await move(file, to)).status, 0);
  },
);

test('books are not moved to where some are, nor from or to where a server runs, and nothing changes there', async (t) => {
  const file = await sampleBooks(t);
  const url = await makePostgresDatabase();
  const held = await holdPostgres(url);
  for (const [from, to] of [
    [file, url],
    [url, `${file}.new-place`],
  ] as const) {
    const refused = await move(from, to);
    t.is(refused.status, 1);
    t.regex(refused.stderr, /A pay-server runs on postgres:.*Stop all of them first\./);
  }
  await held.release();
  t.is((await move(file, url)).status, 0);
  const payments = await countOf(t, url, 'payments');
  const again = await move(file, url);
  t.is(again.status, 1);
  t.regex(again.stderr, /There are books in postgres:.* already\..*make another database/);
  t.is(await countOf(t, url, 'payments'), payments);
  const onItself = await move(url, file);
  t.is(onItself.status, 1);
  t.regex(onItself.stderr, /is there already/);
});

anyTest('books that are not there are said not to be, and leave no lock behind', async (t) => {
  const folder = await makeFolder(t);
  for (const from of [join(folder, 'none.db'), join(folder, 'none', 'none.db')]) {
    const { status, stderr } = await move(from, join(folder, 'new.db'));
    t.is(status, 1);
    t.true(stderr.includes(`There is no database at ${from} (ENOENT)`), stderr);
  }
  t.deepEqual(await readdir(folder), []);
});

anyTest('a target that cannot be taken is named by --to', async (t) => {
  const file = await sampleBooks(t);
  const folder = await makeFolder(t);
  const target = join(folder, 'new.db');
  const lock = await lockDatabase(target);
  const held = await move(file, target);
  t.is(held.status, 1);
  t.regex(held.stderr, /Another pay-server is running on \S+new\.db\. Stop it first, .* with --to\./);
  await lock.release();

  await rm(`${target}.lock`);
  await writeFile(join(folder, 'letter'), '');
  await chmod(folder, 0o755);
  const open = await move(file, target);
  t.is(open.status, 1);
  t.regex(open.stderr, /holds what is not of pay, such as letter\. Choose a folder of its own with --to, /);
  const below = await move(file, join(folder, 'letter', 'new.db'));
  t.is(below.status, 1);
  t.regex(below.stderr, /cannot be made or written \(\w+\)\. .* choose another folder with --to\./);
});

test('a target in which somebody holds a lock is not moved to, and that is what is said', async (t) => {
  const file = await sampleBooks(t);
  const url = await makePostgresDatabase();
  const other = openMaker(url);
  t.teardown(() => other.destroy());
  const trx = await other.transaction();
  await trx.raw('lock table users in access exclusive mode');
  const { status, stderr } = await move(file, url);
  await trx.rollback();
  t.is(status, 1);
  t.regex(
    stderr,
    /postgres:\S+ cannot be used now: somebody else holds a lock there \(.*lock timeout\)\. Find out who/,
  );
  t.is(await countOf(t, url, 'users'), 0);
});

test('a move that ends half-way leaves the target without books, and the next one succeeds', async (t) => {
  const file = await sampleBooks(t);
  const url = await makePostgresDatabase({ isEmpty: true });
  const target = join(await makeFolder(t), 'there.db');
  for (const to of [url, target]) {
    for (const atFraction of [0.2, 0.7]) {
      let isAborted = false;
      const controller = new AbortController();
      const moving = moveBooks({
        from: file,
        to,
        toOption: '--to',
        signal: controller.signal,
        onProgress(fraction) {
          if (fraction > atFraction) {
            isAborted = true;
            controller.abort(new Error('killed'));
          }
        },
      });
      await t.throwsAsync(moving, { message: 'killed' });
      t.true(isAborted);
    }
  }
  t.is(await countOf(t, url, 'users'), 0);
  t.false(existsSync(target));
  for (const to of [url, target]) {
    t.is((await move(file, to)).status, 0);
    t.deepEqual((await checkDatabaseFile(to)).problems, []);
  }
});

test('where the way to a database breaks, the move names that one, and the target is empty or whole', async (t) => {
  const file = await sampleBooks(t);
  const [from, url] = [
    await makePostgresDatabase({ isEmpty: true }),
    await makePostgresDatabase({ isEmpty: true }),
  ];
  t.is((await move(file, from)).status, 0);
  const nameOf = (place: string) => new URL(place).pathname;
  const [fromRelay, toRelay] = [await startRelay(t, from), await startRelay(t, url)];
  for (const asked of ['copy "payments"', 'copy "events"', 'pg_get_indexdef']) {
    toRelay.breakBefore(asked, 1);
    const { status, stderr } = await move(fromRelay.url, toRelay.url);
    t.is(status, 1, asked);
    t.regex(
      stderr,
      new RegExp(
        `PostgreSQL does not answer at postgres:\\S+${nameOf(url)} .* whether the URL names it rightly`,
      ),
    );
  }
  fromRelay.breakBefore('from "payments"', 1);
  const unread = await move(fromRelay.url, toRelay.url);
  t.is(unread.status, 1);
  t.regex(unread.stderr, new RegExp(`PostgreSQL does not answer at postgres:\\S+${nameOf(from)} `));

  const broken = toRelay.breakInPlaceOfAnswer(/^Q.{4}commit\0$/su);
  const unknown = await move(fromRelay.url, toRelay.url);
  await broken;
  t.is(unknown.status, 1);
  t.regex(
    unknown.stderr,
    new RegExp(
      `The connection to postgres:\\S+${nameOf(url)} was lost in the last moment .*are there whole, or not at all`,
    ),
  );
  t.deepEqual(await checkDatabaseFile(url), await checkDatabaseFile(file));
});

test('a move that is killed leaves the target empty or whole, and where it is empty the next one succeeds', async (t) => {
  const file = await sampleBooks(t);
  const before = await checkDatabaseFile(file);
  const url = await makePostgresDatabase({ isEmpty: true });
  const back = join(await makeFolder(t), 'back.db');
  const database = openMaker(url);
  t.teardown(() => database.destroy());

  async function isWriting(): Promise<boolean> {
    const writing: unknown[] = await database.raw(
      'select pid from pg_stat_activity where datname = current_database() and backend_xid is not null',
    );
    return writing.length > 0;
  }
  for (const [from, to, isUnderWay] of [
    [file, url, isWriting],
    [url, back, async () => existsSync(`${back}.new`)],
  ] as const) {
    const child = startChild(t, process.execPath, [payServer, 'move', '--database-url', from, '--to', to]);
    let hasEnded = false;
    void child.ended.then(() => {
      hasEnded = true;
    });
    await until('it writes', async () => hasEnded || (await isUnderWay()));
    child.process.kill('SIGKILL');
    await child.ended;
    // PostgreSQL has to notice first that nobody is there any more.
    const next = await until('the next move', async () => {
      const moved = await move(from, to);
      return /A pay-server runs on/.test(moved.stderr) ? undefined : moved;
    });
    t.true(next.status === 0 || /are books .* already|is there already/.test(next.stderr), next.stderr);
    t.deepEqual(await checkDatabaseFile(to), before);
  }
});
