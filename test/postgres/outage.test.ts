import { openMaker } from '../../db/connect.js';
import { testWith } from '../support/needs.js';
import { needsPostgres } from '../support/on-postgres.js';
import { makePostgresDatabase } from '../support/postgres.js';
import { until } from '../support/until.js';
import { assertPaidOnce, payWhile } from './support/pay-while.js';

const test = testWith(needsPostgres);

test('connections that are cut while payments flow lose none and double none, and the server stays up', async (t) => {
  const url = await makePostgresDatabase();
  const other = openMaker(url);
  t.teardown(() => other.destroy());
  const { server, receiver, all } = await payWhile(t, { url, paymentsEach: 12 }, async (paying) => {
    for (const share of [0.2, 0.4, 0.6]) {
      await until('some payments', () => paying.paid >= share * paying.all);
      await other.raw(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      );
    }
  });
  const { json } = await until('an answer of who was paid', async () => {
    const reply = await server.ask('/v1/me', { token: receiver.token });
    return reply.status === 200 && reply;
  });
  await assertPaidOnce(t, { url, all, balance: json.balance.amount });
});
