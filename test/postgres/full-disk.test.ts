import { rm } from 'node:fs/promises';
import { openMaker } from '../../db/connect.js';
import { checkDatabaseFile } from '../../server/features/books/check-database.js';
import { startServer } from '../api/support/api-server.js';
import { balanceOf, newScript, pay } from '../api/support/people.js';
import { fillDisk, makeSmallDisk } from '../faults/support/small-disk.js';
import { needsMount, testWith } from '../support/needs.js';
import { needsPostgres } from '../support/on-postgres.js';
import { startPostgres } from '../support/postgres.js';
import { until } from '../support/until.js';

/** A new database takes 40 of them, and its log 16. */
const diskMegabytes = 160;
const mostUntilFull = 2_000;
/** Some are made ahead. */
const mostSegments = 10;

testWith(needsPostgres, needsMount)(
  'while the disk of PostgreSQL is full payments are refused and reads go on; with room again nothing is lost',
  async (t) => {
    const folder = await makeSmallDisk(t, diskMegabytes);
    const postgres = await startPostgres(folder);
    t.teardown(() => postgres.kill());
    const url = `${postgres.server}/postgres`;
    const server = await startServer({ environment: { PAY_DATABASE_URL: url } });
    t.teardown(() => server.stop());
    const [alice, bob] = await Promise.all([newScript(server), newScript(server)]);
    const payNow = (key: string) => pay(server, alice, { to: bob.username, amount: '0.01' }, key);
    let paid = 0;
    const isReceived = async () =>
      t.is(await balanceOf(server, bob), (1_000 + paid / 100).toFixed(2), `${paid} were answered`);

    /** Pays until there is no room. */
    async function payUntilFull(name: string) {
      for (let number = 0; number < mostUntilFull; number += 1) {
        const reply = await payNow(`${name}-${number}`);
        if (reply.status !== 201) {
          return { reply, key: `${name}-${number}` };
        }
        paid += 1;
      }
      return t.fail(`${paid} payments found room`) as never;
    }

    // What belongs to the tables finds no room; the log has some of its own left.
    const ballast = await fillDisk(folder);
    const { reply, key } = await payUntilFull('table');
    t.is(reply.status, 503, reply.text);
    t.is(reply.json.code, 'STORAGE_UNAVAILABLE');
    t.regex(reply.json.detail, /nothing was changed/);
    const refused = await Promise.all([1, 2, 3, 4].map((number) => payNow(`more-${number}`)));
    t.deepEqual(new Set(refused.map(({ json }) => json.code)), new Set(['STORAGE_UNAVAILABLE']));
    await isReceived();
    await rm(ballast);
    t.is((await payNow(key)).status, 201);
    paid += 1;
    await isReceived();

    // A log without room ends PostgreSQL; whoever has made room starts it again.
    const again = await fillDisk(folder);
    const maker = openMaker(url);
    t.teardown(() => maker.destroy());
    const fillLog = async () => {
      for (let segments = 0; segments < mostSegments; segments += 1) {
        await maker.raw('select pg_switch_wal(), pg_log_standby_snapshot()');
      }
    };
    await t.throwsAsync(fillLog());
    const { reply: ended } = await payUntilFull('log');
    t.is(ended.status, 503, ended.text);
    await rm(again);
    // It may be about to try again by itself, and two would be in each other's way.
    await postgres.kill();
    await until('PostgreSQL is back, and takes a payment', async () => {
      await postgres.startAgain().catch(() => {});
      return (await payNow('back')).status === 201;
    });
    paid += 1;
    const unknown = Number(await balanceOf(server, bob)) * 100 - 100_000 - paid;
    t.true(unknown === 0 || (unknown === 1 && /unknown/.test(ended.json.detail)), `${unknown} more`);
    const { problems, payments } = await checkDatabaseFile(url);
    t.deepEqual(problems, []);
    t.is(payments, 2 + paid + unknown);
  },
);
