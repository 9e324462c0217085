import { testWith } from '../support/needs.js';
import { needsPostgres } from '../support/on-postgres.js';
import { startPostgres } from '../support/postgres.js';
import { until } from '../support/until.js';
import { assertPaidOnce, payWhile } from './support/pay-while.js';

testWith(needsPostgres)(
  'a PostgreSQL that is killed under load has every payment that was answered, and what was unknown is settled by its key',
  async (t) => {
    const postgres = await startPostgres();
    const url = `${postgres.server}/postgres`;
    const { server, receiver, all } = await payWhile(t, { url, paymentsEach: 20 }, async (paying) => {
      await until('some payments', () => paying.paid >= 0.3 * paying.all);
      await postgres.kill();
      await until('some refusals', () => paying.unavailable > 0);
      // Its processes have to notice that it is gone before another may have the folder.
      await until('PostgreSQL is back', () =>
        postgres.startAgain().then(
          () => true,
          () => undefined,
        ),
      );
    });
    const { json } = await server.ask('/v1/me', { token: receiver.token });
    await assertPaidOnce(t, { url, all, balance: json.balance.amount });
  },
);
