import { openMaker } from '../../db/connect.js';
import { checkDatabaseFile } from '../../server/features/books/check-database.js';
import { startServer } from '../api/support/api-server.js';
import { newScript, pay } from '../api/support/people.js';
import { testWith } from '../support/needs.js';
import { needsPostgres } from '../support/on-postgres.js';
import { makePostgresDatabase } from '../support/postgres.js';
import { until } from '../support/until.js';

const test = testWith(needsPostgres);
const lanes = 6;
const paymentsEach = 12;

test('connections that are cut while payments flow lose none and double none, and the server stays up', async (t) => {
  const url = await makePostgresDatabase();
  const server = await startServer({ environment: { PAY_DATABASE_URL: url } });
  t.teardown(() => server.stop());
  const [alice, bob] = await Promise.all([newScript(server), newScript(server)]);
  let paid = 0;
  let unavailable = 0;

  async function payAll(lane: number): Promise<void> {
    for (let number = 0; number < paymentsEach; number += 1) {
      await until('an answer other than 503', async () => {
        const reply = await pay(server, alice, { to: bob.username, amount: '1.00' }, `${lane}-${number}`);
        if (reply.status !== 503) {
          t.is(reply.status, 201, reply.text);
          return true;
        }
        unavailable += 1;
        return undefined;
      });
      paid += 1;
    }
  }

  const paying = Promise.all(Array.from({ length: lanes }, (_, lane) => payAll(lane)));
  const other = openMaker(url);
  t.teardown(() => other.destroy());
  for (const share of [0.2, 0.4, 0.6]) {
    await until('some payments', () => paid >= share * lanes * paymentsEach);
    await other.raw(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
  }
  await paying;
  t.log(`${unavailable} answers were 503`);
  const { json } = await until('an answer of who was paid', async () => {
    const reply = await server.ask('/v1/me', { token: bob.token });
    return reply.status === 200 && reply;
  });
  t.is(json.balance.amount, `${1_000 + lanes * paymentsEach}.00`);
  const books = await checkDatabaseFile(url);
  t.deepEqual(books.problems, []);
  t.is(books.payments, 2 + lanes * paymentsEach);
});
