import { openMaker, openPatientReaders, openReaders } from '../../../db/connect.js';
import { testWith } from '../../support/needs.js';
import { needsPostgres } from '../../support/on-postgres.js';
import { makePostgresDatabase } from '../../support/postgres.js';
import { startRelay } from '../../support/postgres-relay.js';

const test = testWith(needsPostgres);

/** How each who reads opens its connections, and how long an answer is waited for. */
const reading = {
  'a reader, 10 s': [(url: string) => openReaders(url, 1), 10_000],
  'a patient reader, a second more than its statement may take': [
    (url: string) => openPatientReaders(url, 1, 500),
    1_500,
  ],
} as const;

for (const [who, [open, withinMs]] of Object.entries(reading)) {
  test(`on a link that is silent an answer is not waited for without end: ${who}; then comes another connection`, async (t) => {
    const relay = await startRelay(t, await makePostgresDatabase());
    const readers = open(relay.url);
    t.teardown(() => readers.destroy());
    t.deepEqual(await readers.raw('select 1 as one'), [{ one: 1 }]);
    relay.silence();
    const startedMs = performance.now();
    const late = Promise.resolve(readers.raw('select 1 as one'));
    // The next waits for the same connection.
    const next = Promise.resolve(readers.raw('select 2 as two'));
    await t.throwsAsync(late, { name: 'PostgresError', code: 'LOST' });
    const elapsedMs = performance.now() - startedMs;
    t.true(elapsedMs >= withinMs - 50 && elapsedMs < withinMs + 5_000, `${elapsedMs} ms`);
    t.deepEqual(await next, [{ two: 2 }]);
  });
}

test('whoever makes or inspects waits for as long as it takes', async (t) => {
  const maker = openMaker(await makePostgresDatabase());
  t.teardown(() => maker.destroy());
  t.deepEqual(await maker.raw('select 1 as one from pg_sleep(11)'), [{ one: 1 }]);
});
