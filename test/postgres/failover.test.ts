import type { ExecutionContext } from 'ava';
import { openMaker, openWriter } from '../../db/connect.js';
import { StorageFailure, writeAlone } from '../../db/transact.js';
import { checkDatabaseFile } from '../../server/features/books/check-database.js';
import { balanceOf, newScript, pay } from '../api/support/people.js';
import { testWith } from '../support/needs.js';
import { needsPostgres } from '../support/on-postgres.js';
import { startPostgresPair } from '../support/postgres-pair.js';
import { until } from '../support/until.js';
import { type OneOfSeveral, startOn } from './support/two-servers.js';

const test = testWith(needsPostgres);
const lanes = 6;
/** How soon payments are answered again after a promotion, at most. */
const againMs = 10_000;

async function startBoth(t: ExecutionContext, url: string): Promise<readonly [OneOfSeveral, OneOfSeveral]> {
  const one = await startOn(url);
  const other = await startOn(url);
  t.teardown(() => Promise.all([one.stop(), other.stop()]));
  return [one, other];
}

test('a primary that is killed under load loses no payment that was answered, and both servers find the standby that is promoted', async (t) => {
  const pair = await startPostgresPair();
  const servers = await startBoth(t, pair.url);
  const [one, other] = servers;
  const [alice, bob] = await Promise.all([newScript(one), newScript(other)]);
  let paid = 0;
  let unavailable = 0;
  let isEnding = false;
  const firstAgainMs = new Map<OneOfSeveral, number>();
  let promotedAtMs: number | undefined;

  /** Pays one after the other, each until it is answered for good. */
  async function payAll(lane: number): Promise<void> {
    const server = servers[lane % 2] as OneOfSeveral;
    for (let number = 0; !isEnding; number += 1) {
      await until('an answer other than 503', async () => {
        const reply = await pay(server, alice, { to: bob.username, amount: '0.01' }, `${lane}-${number}`);
        if (reply.status !== 503) {
          t.is(reply.status, 201, reply.text);
          return true;
        }
        unavailable += 1;
        t.truthy(reply.headers['retry-after'], reply.text);
        return undefined;
      });
      paid += 1;
      if (promotedAtMs !== undefined && !firstAgainMs.has(server)) {
        firstAgainMs.set(server, performance.now() - promotedAtMs);
      }
    }
  }

  const paying = Promise.all(Array.from({ length: lanes }, (_, lane) => payAll(lane)));
  await until('some payments', () => paid > 60);
  await pair.killPrimary();
  await until('a refusal', () => unavailable > lanes);
  await pair.promote();
  promotedAtMs = performance.now();
  await until('both servers again', () => firstAgainMs.size === 2);
  const before = paid;
  await until('more payments', () => paid > before + 30);
  isEnding = true;
  await paying;
  for (const againAfterMs of firstAgainMs.values()) {
    t.true(againAfterMs < againMs, `${againAfterMs} ms`);
  }
  t.log(`${paid} paid, ${unavailable} refused; again after ${[...firstAgainMs.values()].map(Math.round)} ms`);
  t.is(await balanceOf(one, bob), (1_000 + paid / 100).toFixed(2));
  t.is(await balanceOf(other, alice), (1_000 - paid / 100).toFixed(2));
  const books = await checkDatabaseFile(pair.url);
  t.deepEqual(books.problems, []);
  t.is(books.payments, 2 + paid);
});

test('a commit whose waiting for the standby is ended by somebody is not taken for one that was kept', async (t) => {
  const pair = await startPostgresPair();
  const administrator = openMaker(pair.primary);
  t.teardown(() => administrator.destroy());
  await administrator.raw('create table notes (note text)');
  const writer = openWriter(pair.url);
  t.teardown(() => writer.destroy());
  const [{ pid }] = await writer.raw('select pg_backend_pid() as pid');
  await pair.stopStandby();
  const written = writeAlone(writer, 'insert into notes values (?)', ['here']);
  await until('the waiting for the standby', async () => {
    const rows = await administrator.raw("select 1 from pg_stat_activity where wait_event = 'SyncRep'");
    return rows.length > 0;
  });
  await administrator.raw('select pg_cancel_backend(?)', [pid]);
  const failure = await t.throwsAsync(written, { instanceOf: StorageFailure });
  t.true((failure as StorageFailure).isOutcomeUnknown);
  t.deepEqual(await administrator.raw('select note from notes'), [{ note: 'here' }]);
});
