import { checkDatabaseFile } from '../../server/features/books/check-database.js';
import { startServer } from '../api/support/api-server.js';
import { newScript, pay } from '../api/support/people.js';
import { testWith } from '../support/needs.js';
import { needsPostgres } from '../support/on-postgres.js';
import { startPostgres } from '../support/postgres.js';
import { until } from '../support/until.js';

const lanes = 6;
const paymentsEach = 20;

testWith(needsPostgres)(
  'a PostgreSQL that is killed under load has every payment that was answered, and what was unknown is settled by its key',
  async (t) => {
    const postgres = await startPostgres();
    const url = `${postgres.server}/postgres`;
    const server = await startServer({ environment: { PAY_DATABASE_URL: url } });
    t.teardown(() => server.stop());
    const [alice, bob] = await Promise.all([newScript(server), newScript(server)]);
    let paid = 0;
    let unavailable = 0;

    async function payAll(lane: number): Promise<void> {
      for (let number = 0; number < paymentsEach; number += 1) {
        const reply = await until('an answer other than 503', async () => {
          const key = `${lane}-${number}`;
          const said = await pay(server, alice, { to: bob.username, amount: '1.00' }, key);
          unavailable += said.status === 503 ? 1 : 0;
          return said.status !== 503 && said;
        });
        t.is(reply.status, 201, reply.text);
        paid += 1;
      }
    }

    const paying = Promise.all(Array.from({ length: lanes }, (_, lane) => payAll(lane)));
    await until('some payments', () => paid >= 0.3 * lanes * paymentsEach);
    await postgres.kill();
    await until('some refusals', () => unavailable > 0);
    // Its processes have to notice that it is gone before another may have the folder.
    await until('PostgreSQL is back', () =>
      postgres.startAgain().then(
        () => true,
        () => undefined,
      ),
    );
    await paying;
    t.log(`${unavailable} answers were 503`);
    const { json } = await server.ask('/v1/me', { token: bob.token });
    t.is(json.balance.amount, `${1_000 + lanes * paymentsEach}.00`);
    const books = await checkDatabaseFile(url);
    t.deepEqual(books.problems, []);
    t.is(books.payments, 2 + lanes * paymentsEach);
  },
);
