import type { ExecutionContext } from 'ava';
import { type Database, openMaker } from '../../../db/connect.js';
import { holdPostgres } from '../../../db/postgres/open/hold-postgres.js';
import { lead } from '../../../db/postgres/writers/lead.js';
import { countWriters } from '../../../db/postgres/writers/locks.js';
import { testWith } from '../../support/needs.js';
import { needsPostgres } from '../../support/on-postgres.js';
import { makePostgresDatabase } from '../../support/postgres.js';
import { type PostgresRelay, startRelay } from '../../support/postgres-relay.js';
import { until } from '../../support/until.js';

const test = testWith(needsPostgres);

/** A way to a database, and a connection that looks at it without that. */
async function openTwoWays(t: ExecutionContext): Promise<{ relay: PostgresRelay; database: Database }> {
  const url = await makePostgresDatabase();
  const database = openMaker(url);
  t.teardown(() => database.destroy());
  return { relay: await startRelay(t, url), database };
}

/** Ends the connections that hold advisory locks in this database. */
const endHolders = (database: Database) =>
  database.raw(
    `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'
      and database = (select oid from pg_database where datname = current_database())`,
  );

/** The question for the lock of the first chain. */
const firstChain = /pg_try_advisory_lock.*101/s;

test('the lock of a chain that is lost together with the answer that it is had is taken again', async (t) => {
  const { relay, database } = await openTwoWays(t);
  const isHeldAgain = async (broken: Promise<void>) => {
    await broken;
    // What held it has ended by then.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await until('the lock is held', async () => (await countWriters(database)) === 1);
  };
  const atStart = relay.breakWithAnswer(firstChain);
  const held = await holdPostgres(relay.url);
  t.teardown(() => held.release());
  await isHeldAgain(atStart);
  const { taken = 0 } = held.place;
  const whenTakenAnew = relay.breakWithAnswer(firstChain);
  await endHolders(database);
  await isHeldAgain(whenTakenAnew);
  // What was kept in mind before does not count any more.
  await until('the place is had anew', () => (held.place.taken ?? 0) > taken);
  t.is(held.place.chain, 1);
});

test('one that leads stops when the connection that holds the lock ends, also where that broke together with the answer', async (t) => {
  const { relay, database } = await openTwoWays(t);
  const withLock = relay.breakWithAnswer(/pg_try_advisory_lock/);
  let begun = 0;
  let stopped = 0;
  const leading = lead(relay.url, 'webhooks', () => {
    begun += 1;
    return {
      async stop() {
        stopped += 1;
      },
    };
  });
  t.teardown(() => leading.stop());
  await withLock;
  await until('it leads', () => begun > stopped);
  const stoppedBefore = stopped;
  await endHolders(database);
  await until('it has stopped', () => stopped > stoppedBefore);
  await until('it leads again', () => begun > stopped);
  t.is(begun, stopped + 1);
});
