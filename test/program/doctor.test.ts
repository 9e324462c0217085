import { createPrivateKey } from 'node:crypto';
import {
  appendFile,
  chmod,
  chown,
  cp,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openWriter } from '../../db/connect.js';
import { takeLock } from '../../db/files/file-lock.js';
import { writeBackupNote } from '../../db/operate/backup-note.js';
import { writeRunning } from '../../server/compose/running-server.js';
import type { Finding } from '../../server/doctor/finding.js';
import { lookAtTime } from '../../server/doctor/look-at-time.js';
import { makeCertificate, makeKey } from '../../server/tls/make-certificate.js';
import { startTimeService } from '../../thrift/service.js';
import { seedPayments } from '../bench/seed-payments.js';
import { startServer, startTime } from '../faults/support/server.js';
import { fillDisk, makeSmallDisk } from '../faults/support/small-disk.js';
import { type Need, needsMount, testWith } from '../support/needs.js';
import { startPayServer } from '../support/server-process.js';
import { certificateFiles, makePair } from '../tls/support/certificates.js';
import { diagnose } from './support/doctor.js';
import { runPayServerInside } from './support/run-pay-server.js';

/** A data folder of a server that has ended in order, and one whose server was killed and its log lost. */
let sound: string;
let killed: string;

const needsRoot: Need = { what: 'root', isThere: () => process.getuid?.() === 0 };
const dayMs = 86_400_000;

test.before(async () => {
  sound = await mkdtemp(join(tmpdir(), 'pay-doctor-'));
  killed = `${sound}-killed`;
  await seedPayments(join(sound, 'pay.db'), 5, 3);
  const server = await startPayServer({ dataDir: sound });
  await cp(sound, killed, { recursive: true, filter: (path) => !/-(wal|shm)$/.test(path) });
  await server.stop();
});

test.after.always(() =>
  Promise.all([sound, killed].map((folder) => rm(folder, { recursive: true, force: true }))),
);

async function makeFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pay-doctor-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function copyOf(t: ExecutionContext, folder: string): Promise<string> {
  const copy = await makeFolder(t);
  await cp(folder, copy, { recursive: true });
  return copy;
}

const stopped = (t: ExecutionContext) => copyOf(t, sound);

const data = (folder: string, ...flags: readonly string[]) => ['--data', folder, ...flags];

function isFound(
  t: ExecutionContext,
  found: Finding,
  verdict: Finding['verdict'],
  text: RegExp,
  remedy?: RegExp,
): void {
  t.is(found.verdict, verdict, found.text);
  t.regex(found.text, text);
  if (remedy !== undefined) {
    t.regex(found.remedy ?? '', remedy);
  }
}

/** What of an installation depends on the machine that it is on, or on the date. */
const ofTheMachine = ['disk', 'disk speed', 'rates'];

async function filesOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(folder)).sort();
  const seen = names.map(async (name) => {
    const { mode, size } = await stat(join(folder, name));
    return [name, `${mode} ${size} ${await readFile(join(folder, name), 'base64')}`];
  });
  return Object.fromEntries(await Promise.all(seen));
}

test('of a stopped server that is sound nothing is wrong, and nothing of it is changed', async (t) => {
  const folder = await stopped(t);
  const before = await filesOf(folder);
  const found = await diagnose(data(folder));
  t.deepEqual(await filesOf(folder), before);
  t.is(found.status, 0);
  t.true(found.isSound);
  const subjects = [
    'program',
    'data folder',
    'database',
    'time',
    'certificate',
    'second factors',
    'settings',
  ];
  for (const subject of subjects) {
    isFound(t, found.of(subject), 'right', /./);
  }
  isFound(t, found.of('server'), 'doubtful', /^none runs$/, /systemctl start/);
  isFound(
    t,
    found.of('backups'),
    'doubtful',
    /^there is none, and the first payment was /,
    /pay-backup\.timer/,
  );
  isFound(t, found.of('database'), 'right', /payments: 8, schema 0\d\d-\S+; no log is left/);
});

test('of a running server that is sound all is right, with the settings that it was given', async (t) => {
  const folder = await stopped(t);
  const server = await startPayServer({
    dataDir: folder,
    environment: { PAY_RATE_LIMITS: 'on', PAY_REFUND_DAYS: '7' },
  });
  t.teardown(() => server.stop());
  const { status, findings, of } = await diagnose(data(folder));
  t.is(status, 0);
  const odd = findings.filter(
    ({ verdict, subject }) => verdict !== 'right' && ![...ofTheMachine, 'backups'].includes(subject),
  );
  t.deepEqual(odd, []);
  isFound(
    t,
    of('server'),
    'right',
    new RegExp(`^process ${server.process.pid} at ${server.url} takes payments$`),
  );
  isFound(t, of('time'), 'right', /timestamp service at 127\.0\.0\.1:\d+, \d+ ms/);

  await writeFile(
    join(folder, 'tls.crt'),
    await makeCertificate(
      createPrivateKey(await readFile(join(folder, 'tls.key'), 'utf8')),
      ['localhost'],
      new Date(),
    ),
  );
  const after = await diagnose(data(folder));
  isFound(
    t,
    after.of('certificate'),
    'doubtful',
    /running server shows another one/,
    /start the server again/,
  );
  const { stdout } = await runPayServerInside(['doctor', ...data(folder)]);
  t.true(
    stdout.split('\n').every((line) => line.length <= 80 || !line.includes(' ', 20)),
    stdout,
  );
  t.regex(stdout, /^✓ server {10}process /m);
  t.regex(stdout, /^Nothing is wrong, and \d to look at\.\n$/m);
});

test('what is given to a server that runs counts, wherever the doctor is called', async (t) => {
  const folder = await stopped(t);
  const server = await startPayServer({
    dataDir: folder,
    environment: {
      PAY_WEBHOOKS_PRIVATE: 'true',
      PAY_METRICS: 'anyone',
      PAY_HOST: '127.0.0.1',
      PAY_TRUSTED_PROXIES: '0.0.0.0/0',
    },
  });
  t.teardown(() => server.stop());
  const { of } = await diagnose(data(folder), { PAY_METRICS: 'loopback' });
  isFound(
    t,
    of('settings'),
    'doubtful',
    /PAY_RATE_LIMITS=off.*PAY_WEBHOOKS_PRIVATE=true.*PAY_METRICS=anyone/,
  );
  t.regex(of('settings').text, /PAY_TRUSTED_PROXIES of every.*PAY_REGISTRATION=open/);
});

test('a server that is held up, or takes no payments, is told with its reason', async (t) => {
  const folder = await stopped(t);
  const time = await startTime(t);
  const server = await startServer(t, folder, {
    timeAddress: time.address.replace('thrift://', ''),
  });
  await time.kill();
  const silent = await diagnose(data(folder));
  t.is(silent.status, 1);
  isFound(t, silent.of('server'), 'wrong', /takes no payments: The timestamp service does not answer/);
  isFound(t, silent.of('time'), 'wrong', /gives no time: .*: no payment is taken/, /pay-time runs there/);
  await server.stop();

  const lock = await takeLock(join(folder, 'pay.db.lock'));
  const about = { version: '0.0.1', url: 'https://127.0.0.1:1', time: '127.0.0.1:1', settings: {} };
  await writeRunning(join(folder, 'pay.db'), { pid: 1, about, reloads: 0, last: null });
  const dead = await diagnose(data(folder));
  await lock.release();
  isFound(t, dead.of('server'), 'wrong', /does not answer \(ECONNREFUSED\)/, /journalctl/);
  isFound(t, dead.of('program'), 'doubtful', /the server that runs is pay 0\.0\.1/, /Start the server again/);
});

test('a folder that is not there is told alone, and a database with all that is there without it', async (t) => {
  const folder = await makeFolder(t);
  const none = await diagnose(data(join(folder, 'none')));
  t.is(none.status, 1);
  t.deepEqual(
    none.findings.map(({ subject }) => subject),
    ['program', 'data folder'],
  );
  isFound(t, none.of('data folder'), 'wrong', /none is not there/, /--data/);
  await writeFile(join(folder, 'file'), 'milk');
  isFound(
    t,
    (await diagnose(data(join(folder, 'file')))).of('data folder'),
    'wrong',
    /file is no folder/,
    /--data/,
  );
  const empty = await diagnose(data(folder));
  t.is(empty.status, 1);
  isFound(t, empty.of('database'), 'wrong', /There is no database at/);
  isFound(t, empty.of('certificate'), 'doubtful', /there is none yet/);
});

test('modes that let others in are wrong, of the folder and of what is in it', async (t) => {
  const folder = await stopped(t);
  await chmod(folder, 0o755);
  isFound(t, (await diagnose(data(folder))).of('data folder'), 'wrong', /mode 0755/, /^chmod 0700 /);
  await chmod(folder, 0o700);
  await chmod(join(folder, 'second-factor.keys'), 0o644);
  const { status, of } = await diagnose(data(folder));
  t.is(status, 1);
  isFound(
    t,
    of('data folder'),
    'wrong',
    /others may read second-factor\.keys/,
    /^chmod 0600 .*second-factor\.keys$/,
  );
});

testWith(needsRoot)('files of another owner than the folder are wrong', async (t) => {
  const folder = await copyOf(t, sound);
  await chown(join(folder, 'pay.db'), 4711, 4711);
  const { of } = await diagnose(data(folder));
  isFound(t, of('data folder'), 'wrong', /pay\.db of user 4711/, /^chown -R 0 /);
});

test('a database whose log is lost, whose guards are gone, or that is newer is wrong', async (t) => {
  const lost = await diagnose(data(await copyOf(t, killed)));
  t.is(lost.status, 1);
  isFound(t, lost.of('database'), 'wrong', /The log .*pay\.db-wal is not there/);

  const folder = await stopped(t);
  const change = async (sql: string) => {
    const writer = openWriter(join(folder, 'pay.db'));
    await writer.raw(sql);
    await writer.destroy();
  };
  await change("insert into migrations (name, batch, migration_time) values ('999-of-next-year', 2, 0)");
  isFound(
    t,
    (await diagnose(data(folder))).of('database'),
    'wrong',
    /newer version of pay .*999-of-next-year/,
  );
  await change("delete from migrations where name like '999%'");
  await change('drop trigger payments_refuse_delete');
  isFound(
    t,
    (await diagnose(data(folder))).of('database'),
    'wrong',
    /trigger payments_\w+ is missing or changed/,
  );
  await writeFile(join(folder, 'pay.db'), 'no database at all, but long enough to be read as one'.repeat(10));
  isFound(t, (await diagnose(data(folder))).of('database'), 'wrong', /is not a database of pay/);
});

test('a certificate that has expired, will soon, is not there, or has another key is told', async (t) => {
  const folder = await stopped(t);
  const [crt, key] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
  const pem = await readFile(key, 'utf8');
  const judged = async () => (await diagnose(data(folder))).of('certificate');
  const tenYearsMs = 3_652 * dayMs;
  const made = (endMs: number) =>
    makeCertificate(createPrivateKey(pem), ['localhost'], new Date(Date.now() + endMs - tenYearsMs));
  await writeFile(crt, await made(-5 * dayMs));
  isFound(t, await judged(), 'wrong', /expired on/, /renews/);
  await writeFile(crt, await made(10 * dayMs));
  isFound(t, await judged(), 'doubtful', /good for another \d+ days/);
  await writeFile(crt, await made(tenYearsMs + 20 * dayMs));
  isFound(t, await judged(), 'wrong', /not valid before/, /clock.* remove it and start the server again/);
  await writeFile(crt, await made(tenYearsMs - dayMs));
  isFound(t, await judged(), 'right', /good for another/);
  await writeFile(key, await makeKey());
  isFound(t, await judged(), 'wrong', /does not belong to/);
  await writeFile(key, 'nothing');
  isFound(t, await judged(), 'wrong', /holds no private key in PEM form/);
  await rm(key);
  isFound(t, await judged(), 'wrong', /tls\.key is not there/, /backup/);
  const given = ['--tls-cert', crt, '--tls-key', key];
  isFound(
    t,
    (await diagnose(data(folder, ...given))).of('certificate'),
    'wrong',
    /is not there/,
    /Put it back/,
  );
});

test('a backup that failed, grew old, or is gone is told', async (t) => {
  const folder = await stopped(t);
  const file = join(folder, 'pay.db');
  const judged = async () => (await diagnose(data(folder))).of('backups');
  const good = (days: number, path = file) => ({ good: { atMs: Date.now() - days * dayMs, file: path } });
  await writeBackupNote(file, { ...good(0.5), problem: null });
  isFound(t, await judged(), 'right', /^the newest, checked, is 12 hours old/);
  await writeBackupNote(file, good(3));
  isFound(t, await judged(), 'doubtful', /is 3 days old/, /pay-backup\.timer/);
  await writeBackupNote(file, good(30));
  isFound(t, await judged(), 'wrong', /is 30 days old/);
  await writeBackupNote(file, good(0.1, '/nowhere/pay.backup'));
  isFound(t, await judged(), 'doubtful', /which is there no more/, /sent elsewhere/);
  await writeBackupNote(file, { problem: 'There is no room\u001b[2J.' });
  isFound(t, await judged(), 'wrong', /the last one failed: There is no room/);
  const { stdout } = await runPayServerInside(['doctor', ...data(folder)]);
  t.false(stdout.includes('\u001b'), 'no text of a file moves the cursor');
});

test('second factors whose key is gone are counted', async (t) => {
  const folder = await stopped(t);
  const writer = openWriter(join(folder, 'pay.db'));
  await writer.raw(
    "insert into second_factors (user_id, status, secret, last_step, recovery, since) values (1, 'on', 'deadbeef.x', 0, '[]', 1)",
  );
  await writer.destroy();
  const { status, of } = await diagnose(data(folder));
  t.is(status, 1);
  isFound(
    t,
    of('second factors'),
    'wrong',
    /^1 of 1 are sealed with a key that is not in .*second-factor\.keys/,
  );
  await appendFile(join(folder, 'second-factor.keys'), 'no key\n');
  isFound(t, (await diagnose(data(folder))).of('second factors'), 'wrong', /does not hold keys of 32 bytes/);
});

test('a payment of a clock that was ahead is told with what helps when the clock is right', async (t) => {
  const service = await startTimeService({ host: '127.0.0.1', port: 0, nowMicros: () => Date.now() * 1_000 });
  t.teardown(() => service.close());
  const settings = { timeAddress: undefined, timePort: service.port, timeCaPath: undefined };
  const newestMicros = (Date.now() + 365 * dayMs) * 1_000;
  for (const running of [undefined, `127.0.0.1:${service.port}`]) {
    const finding = await lookAtTime({ settings, running, newestMicros });
    isFound(
      t,
      finding,
      'wrong',
      /behind the newest payment.*no payment/,
      /clocks? right.*backup from before/,
    );
  }
});

test('a timestamp service with a certificate that is not the expected one is told with the flag that says which is', async (t) => {
  const service = await startTimeService({ host: '127.0.0.1', port: 0, tls: await makePair() });
  t.teardown(() => service.close());
  const expected = await certificateFiles(t);
  const timeAddress = { host: 'localhost', port: service.port };
  const settings = { timeAddress, timePort: 0, timeCaPath: expected.cert };
  const finding = await lookAtTime({ settings, running: undefined, newestMicros: 0 });
  isFound(t, finding, 'wrong', /gives no time/, /pay-time runs there, with a certificate that --time-ca/);
});

test('a time that is seconds off is told, and one of minutes is wrong', async (t) => {
  const folder = await stopped(t);
  let offMicros = 20_000_000;
  const service = await startTimeService({
    host: '127.0.0.1',
    port: 0,
    nowMicros: () => Date.now() * 1_000 + offMicros,
  });
  t.teardown(() => service.close());
  const judged = async () =>
    (await diagnose(data(folder, '--time-address', `127.0.0.1:${service.port}`))).of('time');
  isFound(t, await judged(), 'doubtful', /is (20|19) seconds ahead of this machine/, /timedatectl/);
  offMicros = -600_000_000;
  isFound(t, await judged(), 'wrong', /more than five minutes off.*no payment is taken/);
});

test('settings that cannot be end with 2, before anything is looked at', async (t) => {
  const folder = await stopped(t);
  const { status, stderr } = await runPayServerInside(['doctor', ...data(folder)], {
    environment: { PAY_RATE_LIMITS: 'sometimes' },
  });
  t.is(status, 2);
  t.regex(stderr, /PAY_RATE_LIMITS: "sometimes" is not right/);
});

test('a disk with less room than the server wants is wrong', async (t) => {
  const { status, of } = await diagnose(data(await stopped(t)), { PAY_DISK_FLOOR_MB: '100000000' });
  t.is(status, 1);
  isFound(t, of('disk'), 'wrong', /less than PAY_DISK_FLOOR_MB.*only single payments/, /Make room/);
});

testWith(needsMount)('a disk in memory is told, and one that is full is wrong', async (t) => {
  const disk = await makeSmallDisk(t);
  await cp(sound, disk, { recursive: true });
  await chmod(disk, 0o700);
  const none = { PAY_DISK_FLOOR_MB: '0' };
  isFound(t, (await diagnose(data(disk), none)).of('disk'), 'doubtful', /in memory \(tmpfs\)/);
  await fillDisk(disk);
  const full = await diagnose(data(disk));
  t.is(full.status, 1);
  isFound(t, full.of('disk'), 'wrong', /^0 bytes of 1\.0 MB free/);
  isFound(t, full.of('disk speed'), 'doubtful', /not measured \(ENOSPC\)/);
});
