import { openMaker, openWriter } from '../../db/connect.js';
import { checkDatabaseFile } from '../../server/features/books/check-database.js';
import { startServer } from '../api/support/api-server.js';
import { newScript, pay } from '../api/support/people.js';
import { testWith } from '../support/needs.js';
import { needsPostgres } from '../support/on-postgres.js';
import { makePostgresDatabase } from '../support/postgres.js';

/** What another session may hold. */
const locks = {
  'the accounts of all': 'select id from accounts for update',
  'all payments': 'lock table payments in exclusive mode',
  'all entries': 'lock table entries in exclusive mode',
  'the row that writers take in turn': "select position from chain_heads where name = 'commits' for update",
} as const;

testWith(needsPostgres)(
  'what somebody else has locked is waited for 5 s and not for ever, and once it is given up all goes on',
  async (t) => {
    const url = await makePostgresDatabase();
    const server = await startServer({ environment: { PAY_DATABASE_URL: url } });
    t.teardown(() => server.stop());
    const [alice, bob] = await Promise.all([newScript(server), newScript(server)]);
    const other = openMaker(url);
    t.teardown(() => other.destroy());

    for (const [what, sql] of Object.entries(locks)) {
      const payNow = () =>
        pay(server, alice, { to: bob.username, amount: '1.00' }, what.replaceAll(' ', '-'));
      await other.raw('begin');
      await other.raw(sql);
      const startedMs = performance.now();
      const refused = await payNow();
      const elapsedMs = performance.now() - startedMs;
      t.is(refused.status, 503, `${what}: ${refused.text}`);
      t.is(refused.json.code, 'STORAGE_UNAVAILABLE');
      t.regex(refused.json.detail, /nothing was changed/);
      t.true(elapsedMs >= 4_900, `${what}: ${elapsedMs} ms`);
      t.is((await server.ask('/v1/me', { token: bob.token })).status, 200, what);
      await other.raw('rollback');
      t.is((await payNow()).status, 201, what);
    }
    const { problems, payments } = await checkDatabaseFile(url);
    t.deepEqual(problems, []);
    t.is(payments, 2 + Object.keys(locks).length);
  },
);

testWith(needsPostgres)(
  'a writer that stands still in the middle of a transaction loses it before a payment that waits for it is refused',
  async (t) => {
    const url = await makePostgresDatabase();
    const server = await startServer({ environment: { PAY_DATABASE_URL: url } });
    t.teardown(() => server.stop());
    const [alice, bob] = await Promise.all([newScript(server), newScript(server)]);
    const stalled = openWriter(url);
    t.teardown(() => stalled.destroy());

    const transaction = stalled.transaction(async (trx) => {
      t.is((await pay(server, alice, { to: bob.username, amount: '1.00' })).status, 201);
      await trx.raw('select 1');
    });
    await t.throwsAsync(transaction, { name: 'PostgresError' });
    t.is((await stalled.raw('select 1 as one')).length, 1);
  },
);
