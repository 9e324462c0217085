import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ExecutionContext } from 'ava';
import { needsProgram, testWith } from '../support/needs.js';
import { until } from '../support/until.js';
import { assertWhole, readBooks, transfersOf } from './support/books.js';
import { makeClient } from './support/client.js';
import { makeFolder, startServer } from './support/server.js';

const run = promisify(execFile);

/** A library to be loaded before the system's. */
async function compileFailingSync(t: ExecutionContext): Promise<string> {
  const library = join(await makeFolder(t), 'failing-sync.so');
  const source = join(import.meta.dirname, 'support/failing-sync.c');
  await run('cc', ['-shared', '-fPIC', '-o', library, source, '-ldl']);
  return library;
}

/** A server whose syncs of files with this end fail while the file `trigger` is there, with two who pay each other. */
async function startFailing(t: ExecutionContext, end: string, call: Readonly<Record<string, string>> = {}) {
  const data = await makeFolder(t);
  const trigger = join(await makeFolder(t), 'fails');
  const library = await compileFailingSync(t);
  const environment = { LD_PRELOAD: library, FAILING_SYNC: trigger, FAILING_END: end, ...call };
  const server = await startServer(t, data, { environment });
  const client = await makeClient(t, server);
  const [alice, bob] = [await client.register('alice'), await client.register('bob')];
  return { data, trigger, server, client, alice, bob };
}

testWith(needsProgram('cc'))(
  'a sync that fails ends the server, and the key settles what the payment became',
  async (t) => {
    const { data, trigger, server, client, alice, bob } = await startFailing(t, '.db-wal');
    t.is((await client.pay(alice, bob, '1.00', 'before')).status, 201);

    await writeFile(trigger, '');
    const keys = ['during-1', 'during-2', 'during-3'];
    const replies = await Promise.allSettled(keys.map((key) => client.pay(alice, bob, '2.00', key)));
    const codes = replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.code : 'no answer'));
    t.is(codes[0], 'STORAGE_UNAVAILABLE');
    t.true(
      codes.every((code) => code === 'STORAGE_UNAVAILABLE' || code === 'no answer'),
      codes.join(', '),
    );
    t.is(await server.ended, 1);
    t.regex(server.stderr(), /settled by the next start/);
    assertWhole(t, await readBooks(data));

    await rm(trigger);
    const next = await startServer(t, data);
    const nextClient = await makeClient(t, next);
    for (const key of keys) {
      t.is((await nextClient.pay(alice, bob, '2.00', key)).status, 201);
    }
    t.is((await nextClient.pay(alice, bob, '1.00', 'before')).headers['idempotency-replayed'], 'true');
    t.is(await next.stop(), 0);
    const books = await readBooks(data);
    assertWhole(t, books);
    t.is(transfersOf(books).length, 1 + keys.length);
  },
);

const fails = {
  'one that SQLite makes': { FAILING_CALL: 'fsync' },
  'one that is made before the writer waits': { FAILING_CALL: 'fdatasync' },
};

for (const [which, call] of Object.entries(fails)) {
  testWith(needsProgram('cc'))(
    `a sync of the database that fails, ${which}, ends the server, and the log stays for the next start`,
    async (t) => {
      const { data, trigger, server, client, alice, bob } = await startFailing(t, 'pay.db', call);
      const lengthOfLog = async () => (await stat(join(data, 'pay.db-wal'))).size;

      await writeFile(trigger, '');
      t.is((await client.pay(alice, bob, '1.00', 'while-it-fails')).status, 201);
      // The log is copied when nothing was written to it for a second.
      await until('a sync that failed', () => existsSync(`${trigger}.met`));
      await rm(trigger);
      // Now the system says again that all is well, but it has forgotten what was not flushed.
      const before = await lengthOfLog();
      t.is(await server.ended, 1);
      t.regex(server.stderr(), /settled by the next start/);
      t.true((await lengthOfLog()) >= before);

      const next = await startServer(t, data);
      t.is(await next.stop(), 0);
      const books = await readBooks(data);
      assertWhole(t, books);
      t.is(transfersOf(books).length, 1);
    },
  );
}

for (const [which, call] of Object.entries({ once: { FAILING_NTH: '1' }, 'until the next start': {} })) {
  testWith(needsProgram('cc'))(
    `a log that cannot be begun anew, ${which}, ends the server, and nothing is lost`,
    async (t) => {
      const beginning = { FAILING_CALL: 'pwrite', ...call };
      const { data, trigger, server, client, alice, bob } = await startFailing(t, '.db-wal', beginning);
      t.is((await client.pay(alice, bob, '1.00', 'before')).status, 201);
      await writeFile(trigger, '');
      // The log is copied when nothing was written to it for a second.
      await until('a write that failed', () => existsSync(`${trigger}.met`));
      t.is(await server.ended, 1);
      await rm(trigger);

      const next = await startServer(t, data);
      const nextClient = await makeClient(t, next);
      t.is((await nextClient.pay(alice, bob, '2.00', 'after')).status, 201);
      t.is((await nextClient.pay(alice, bob, '1.00', 'before')).headers['idempotency-replayed'], 'true');
      t.is(await next.stop(), 0);
      const books = await readBooks(data);
      assertWhole(t, books);
      t.is(transfersOf(books).length, 2);
    },
  );
}

testWith(needsProgram('cc'))(
  'a start that fails, since the database cannot be flushed, leaves the log for the next',
  async (t) => {
    const { data, trigger, server, client, alice, bob } = await startFailing(t, 'pay.db');
    t.is((await client.pay(alice, bob, '1.00', 'before')).status, 201);
    await server.kill();
    await writeFile(trigger, '');
    const environment = {
      LD_PRELOAD: await compileFailingSync(t),
      FAILING_SYNC: trigger,
      FAILING_END: 'pay.db',
      FAILING_NTH: '1',
    };
    await t.throwsAsync(() => startServer(t, data, { environment }));
    await rm(trigger);

    const next = await startServer(t, data);
    t.is(await next.stop(), 0);
    const books = await readBooks(data);
    assertWhole(t, books);
    t.is(transfersOf(books).length, 1);
  },
);

testWith(needsProgram('cc'))(
  'a server whose disk takes seconds for each sync ends soon, and its log stays for the next start',
  async (t) => {
    const slow = { SLOW_SECONDS: '3' };
    const { data, trigger, server, client, alice, bob } = await startFailing(t, '', slow);
    t.is((await client.pay(alice, bob, '1.00', 'before')).status, 201);
    await writeFile(trigger, '');
    // The log is copied when nothing was written to it for a second.
    await until('a slow sync', () => existsSync(`${trigger}.met`));
    t.is(await server.stop(), 0);
    const syncs = await readFile(`${trigger}.met`, 'utf8');
    t.true(syncs.length <= 2, `${syncs.length} syncs were waited for`);
    t.true((await stat(join(data, 'pay.db-wal'))).size > 0);
    await rm(trigger);

    const next = await startServer(t, data);
    t.is(await next.stop(), 0);
    const books = await readBooks(data);
    assertWhole(t, books);
    t.is(transfersOf(books).length, 1);
  },
);
