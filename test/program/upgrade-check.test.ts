import { chmod, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { takeLock } from '../../db/files/file-lock.js';
import { writeBackupNote } from '../../db/operate/backup-note.js';
import { writeRunning } from '../../server/compose/running-server.js';
import { makeSmallDisk } from '../faults/support/small-disk.js';
import { tamper } from '../features/books/support/tampering.js';
import { needsMount, testWith } from '../support/needs.js';
import { needsPostgres } from '../support/on-postgres.js';
import { makePostgresDatabase, postgresServer } from '../support/postgres.js';
import { checkUpgrade } from './support/doctor.js';
import { runPayServerInside } from './support/run-pay-server.js';

test.before('PostgreSQL is there, made before a command narrows who may read new files', async () => {
  await (needsPostgres.isThere() && postgresServer());
});

const fixture = join(import.meta.dirname, '../../../test/db/fixtures/schema-011.db.gz');

/** A data folder of an earlier version, which has ended in order. */
async function oldFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pay-upgrade-check-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'pay.db'), gunzipSync(await readFile(fixture)), { mode: 0o600 });
  return folder;
}

test('the books of an earlier version may be upgraded, and what would be done is said', async (t) => {
  const folder = await oldFolder(t);
  await writeBackupNote(join(folder, 'pay.db'), { good: { atMs: Date.now(), file: fixture }, problem: null });
  const { status, isSound, findings, of } = await checkUpgrade(['--data', folder]);
  t.is(status, 0);
  t.true(isSound);
  t.regex(of('schema').text, /^011-batches, to be brought up to date: 012-use-of-credentials, /);
  t.regex(of('room').text, / are needed, for a copy of the database/);
  t.regex(of('duration').text, /^about \d+ seconds without a server: to end, copy, /);
  t.deepEqual(
    findings.filter(({ verdict }) => verdict !== 'right'),
    [],
  );
  const { stdout } = await runPayServerInside(['upgrade-check', '--data', folder]);
  t.regex(stdout, /^It may be upgraded: stop the server, then pay-server upgrade, then start it\.\n$/m);
});

test('settings that went away are named: those of the running server forbid it, others are to be looked at', async (t) => {
  const folder = await oldFolder(t);
  const misspelt = await checkUpgrade(['--data', folder], { PAY_REGISTRASHUN: 'closed', PAY_TOKEN: 'x' });
  t.is(misspelt.status, 0);
  t.regex(misspelt.of('settings').text, /^PAY_REGISTRASHUN is nothing to this version$/);

  const lock = await takeLock(join(folder, 'pay.db.lock'));
  t.teardown(() => lock.release());
  const runs = (settings: Readonly<Record<string, string>>) =>
    writeRunning(join(folder, 'pay.db'), {
      pid: 4711,
      about: { version: '0.0.9', url: 'https://127.0.0.1:1', time: '127.0.0.1:1', settings },
      reloads: 0,
      last: null,
    });
  await runs({ PAY_JOINING: 'closed', PAY_PORT: '9443' });
  const gone = await checkUpgrade(['--data', folder]);
  t.is(gone.status, 1);
  t.is(gone.of('settings').verdict, 'wrong');
  t.regex(
    gone.of('settings').text,
    /^PAY_JOINING, which the running server goes by, is nothing to this version/,
  );
  t.regex(gone.of('server').text, /^process 4711, pay 0\.0\.9, runs; stop it/);
  await runs({ PAY_REGISTRATION: 'by-friends' });
  const refused = await checkUpgrade(['--data', folder]);
  t.is(refused.status, 1);
  t.regex(refused.of('settings').text, /this version does not take them.*PAY_REGISTRATION: "by-friends"/);
  const { status, stderr } = await runPayServerInside(['upgrade', '--data', folder]);
  t.is(status, 1);
  t.regex(stderr, /Another pay-server is running on .* Stop it first/);
});

test('where nothing is to be brought up to date an upgrade says so and does nothing', async (t) => {
  const folder = await oldFolder(t);
  const first = await runPayServerInside(['upgrade', '--data', folder]);
  t.is(first.status, 0, first.stderr);
  t.regex(
    first.stdout,
    /^Kept as it was.*: \S+pay\.db\.before-\S+\nBrought up to date: .*012-use-of-credentials/,
  );
  t.regex(first.stdout, /^Checked: payments \d+, all is right\.\nStart the server\. To go back, /m);
  const again = await runPayServerInside(['upgrade', '--data', folder]);
  t.is(again.status, 0);
  t.regex(again.stdout, /pay\.db is up to date: there is nothing to do\.\n$/);
  t.regex((await checkUpgrade(['--data', folder])).of('room').text, /no copy is made$/);
  const none = await runPayServerInside(['upgrade', '--data', join(folder, 'none')]);
  t.is(none.status, 1);
  t.regex(none.stderr, /There is no database at/);
});

test('an upgrade that found the books wrong is not taken for done when it is repeated', async (t) => {
  const folder = await oldFolder(t);
  const file = join(folder, 'pay.db');
  const amount = (change: string) =>
    tamper(file, async ({ writer }) => {
      await writer.raw(
        `update entries set amount = amount ${change} where payment_id = (select max(payment_id) from entries) and amount > 0`,
      );
      return true;
    });
  t.true(await amount('+ 1'));
  for (const time of ['first', 'again']) {
    const { status, stdout, stderr } = await runPayServerInside(['upgrade', '--data', folder]);
    t.is(status, 1, `${time}: ${stdout}`);
    t.regex(stderr, /^pay-server: The books are wrong: .*\. To go back, /m, time);
  }
  t.true(await amount('- 1'));
  const right = await runPayServerInside(['upgrade', '--data', folder]);
  t.is(right.status, 0, right.stderr);
  t.regex(
    right.stdout,
    /^Brought up to date before, and not checked then: .*\nChecked: payments \d+, all is right\.$/m,
  );
  t.regex(
    (await runPayServerInside(['upgrade', '--data', folder])).stdout,
    /pay\.db is up to date: there is nothing to do\.\n$/,
  );
});

testWith(needsPostgres)(
  'a database of PostgreSQL that was empty gets its tables, and is not called an old one',
  async (t) => {
    const flags = [
      '--database-url',
      await makePostgresDatabase({ isEmpty: true }),
      '--data',
      await oldFolder(t),
    ];
    const first = await runPayServerInside(['upgrade', ...flags]);
    t.is(first.status, 0, first.stderr);
    t.regex(
      first.stdout,
      /^Its tables were made, for it was empty: postgres:.*\nChecked: payments 0, all is right\.$/m,
    );
    const again = await runPayServerInside(['upgrade', ...flags]);
    t.regex(again.stdout, /is up to date: there is nothing to do\.\n$/);
  },
);

testWith(needsMount)('without the room for a copy it may not be upgraded', async (t) => {
  const disk = await makeSmallDisk(t);
  await cp(await oldFolder(t), disk, { recursive: true });
  await chmod(disk, 0o700);
  const { status, of } = await checkUpgrade(['--data', disk]);
  t.is(status, 1);
  t.is(of('room').verdict, 'wrong');
  t.regex(of('room').remedy ?? '', /^Make room/);
});
