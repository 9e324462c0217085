import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { ExecutionContext } from 'ava';
import { holdPostgres } from '../../../db/postgres/open/hold-postgres.js';
import { testWith } from '../../support/needs.js';
import { needsPostgres } from '../../support/on-postgres.js';
import { makePostgresDatabase } from '../../support/postgres.js';

const test = testWith(needsPostgres);

/** What PostgreSQL says to whoever need not show who they are: that they are in, and that it is ready. */
const welcome = Buffer.from([82, 0, 0, 0, 8, 0, 0, 0, 0, 90, 0, 0, 0, 5, 73]);

/** A pool of one session, which answers whoever asked last, as PgBouncer does by `pool_mode = transaction`. Gives its URL. */
async function startPool(t: ExecutionContext, url: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const session = connect(Number(port), hostname);
  const clients = new Set<Socket>();
  let asking: Socket | undefined;
  session.on('data', (answer) => asking?.write(answer));
  const pool = createServer((client) => {
    const isFirst = clients.size === 0;
    clients.add(client);
    let isIn = isFirst;
    client.on('data', (question) => {
      asking = client;
      // Who comes later is let in by the pool; the end of one is not that of the session.
      if (!isIn) {
        isIn = true;
        client.write(welcome);
      } else if (question[0] !== 'X'.charCodeAt(0)) {
        session.write(question);
      }
    });
    client.on('error', () => {});
  });
  pool.listen(0, '127.0.0.1');
  await once(pool, 'listening');
  t.teardown(() => {
    session.destroy();
    for (const client of clients) {
      client.destroy();
    }
    pool.close();
  });
  const pooled = new URL(url);
  pooled.hostname = '127.0.0.1';
  pooled.port = String((pool.address() as AddressInfo).port);
  return pooled.href;
}

test('a pool that lends a session for a transaction is refused with what to do', async (t) => {
  const url = await makePostgresDatabase({ isEmpty: true });
  await t.throwsAsync(
    async () => {
      const held = await holdPostgres(await startPool(t, url));
      await held.release();
    },
    { message: /is behind a pool that lends a session.*Set pool_mode = session there, or name PostgreSQL/ },
  );
  const held = await holdPostgres(url);
  await held.release();
  t.pass();
});
