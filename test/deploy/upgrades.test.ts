import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { openReaders } from '../../db/connect.js';
import { type Client, makeClient } from '../faults/support/client.js';
import { type PayServerProcess, startPayServer } from '../support/server-process.js';
import { makeNextProgram, nextMigration } from './support/next-program.js';
import { type Answered, startPayers } from './support/steady-payers.js';

// Programs of earlier versions are not at hand where these tests run: a package has no history, and their dependencies may not
// install any more. What is at hand of them is their data, as fixtures. So each round makes two upgrades. The first is from the
// fixture, which an earlier program has written and left, to this program; those who pay come in while it is brought up to date.
// The second is from this program to the next version, which is this one with one migration more: there the version before
// runs and is paid with while the new one looks at it, is ended with payments in flight, and is gone back to.
const upgradesARound = 2;
const rounds = Number(process.env.PAY_UPGRADES ?? upgradesARound) / upgradesARound;

const root = join(import.meta.dirname, '../../..');
const fixtures = join(root, 'test/db/fixtures');
const thisBin = join(root, 'bin');
let nextBin: string;
let nextFolder: string;

test.before(async () => {
  nextFolder = await mkdtemp(join(tmpdir(), 'pay-next-'));
  nextBin = await makeNextProgram(nextFolder);
});
test.after.always(() => rm(nextFolder, { recursive: true, force: true }));

const run = (bin: string, ...words: readonly string[]) =>
  execa(process.execPath, [join(bin, 'pay-server'), ...words], { reject: false });

/** Runs a command that has to do its work; gives what it says. */
async function done(t: ExecutionContext, bin: string, ...words: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await run(bin, ...words);
  t.is(exitCode, 0, `${words[0]}: ${stdout}${stderr}`);
  return stdout;
}

async function paymentsIn(file: string): Promise<readonly string[]> {
  const readers = openReaders(file, 1);
  try {
    const rows: { id: number; hash: string; created_at: number }[] = await readers.raw(
      'select id, hex(hash) as hash, created_at from payments order by id',
    );
    return rows.map(({ id, hash, created_at }) => `${id} ${created_at} ${hash}`);
  } finally {
    await readers.destroy();
  }
}

/** Starts a program where the one before it listened, so that clients find it again. */
async function startAgain(
  t: ExecutionContext,
  bin: string,
  dataDir: string,
  port: string,
): Promise<PayServerProcess> {
  const server = await startPayServer({ dataDir, bin, port });
  t.teardown(() => server.kill());
  return server;
}

/** Asserts that each answer that was given is given again, byte for byte. */
async function assertAnswered(
  t: ExecutionContext,
  client: Client,
  answers: readonly Answered[],
): Promise<void> {
  const again = await Promise.all(
    answers.map(({ from, to, amount, key }) => client.pay(from, to, amount, key)),
  );
  t.deepEqual(
    again.map(({ status, text }) => ({ status, text })),
    answers.map(({ status, text }) => ({ status, text })),
  );
}

async function makeFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pay-upgrade-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const keptIn = (said: string) => /^Kept as it was.*: (\S+)$/m.exec(said)?.[1] ?? '';

for (let round = 0; round < rounds; round += 1) {
  test.serial(
    `two upgrades while people pay lose no answer, and the way back is open (${round + 1})`,
    async (t) => {
      // Of each step; a dozen programs are started and ended.
      t.timeout(240_000);
      const names = (await readdir(fixtures)).filter((name) => name.endsWith('.db.gz')).sort();
      const fixture = names[round % names.length] ?? t.fail();
      const folder = await makeFolder(t);
      const file = join(folder, 'pay.db');
      await writeFile(file, gunzipSync(await readFile(join(fixtures, String(fixture)))), { mode: 0o600 });
      const before = await paymentsIn(file);
      t.true(before.length > 0);

      await done(t, thisBin, 'upgrade-check', '--data', folder);
      await done(t, thisBin, 'upgrade', '--data', folder);
      const first = await startAgain(t, thisBin, folder, '0');
      const client = await makeClient(t, first);
      const users = await Promise.all(['ann', 'ben', 'cora'].map((name) => client.register(name)));
      const payers = startPayers(client, users, 6);
      await payers.more(40);

      t.regex(
        await done(t, nextBin, 'upgrade-check', '--data', folder),
        new RegExp(`process \\d+.*${nextMigration}`, 's'),
      );
      t.is(
        (await run(nextBin, 'upgrade', '--data', folder)).exitCode,
        1,
        'while a server runs nothing is upgraded',
      );
      await done(t, thisBin, 'backup', join(folder, 'by-hand.backup'), '--data', folder);
      t.is(await first.stop(), 0);
      const beforeTheEnd = [...payers.answers];
      const said = await done(t, nextBin, 'upgrade', '--data', folder);
      const second = await startAgain(t, nextBin, folder, new URL(first.url).port);
      await payers.more(40);
      const answers = await payers.finish();
      t.log(`${answers.length} answers, ${payers.retries()} tries that had none`);
      t.true(payers.retries() > 0, 'somebody paid while there was no server');
      t.true(new Set(answers.map(({ status }) => status)).has(409));
      await assertAnswered(t, client, answers);
      t.is(await second.stop(), 0);
      t.regex(await done(t, nextBin, 'check', '--data', folder), /payments/);
      const after = await paymentsIn(file);
      t.deepEqual(after.slice(0, before.length), before);
      t.is(
        after.length,
        before.length + users.length + answers.filter(({ status }) => status === 201).length,
        'each payment was made once',
      );

      const newer = await run(thisBin, 'upgrade-check', '--data', folder);
      t.is(newer.exitCode, 1);
      t.regex(newer.stdout, /^✗ schema .* was made by a newer version/m);
      const back = await makeFolder(t);
      const kept = keptIn(said);
      await done(t, thisBin, 'restore', kept, '--data', back);
      const old = await startAgain(t, thisBin, back, new URL(first.url).port);
      t.is(old.fingerprint, first.fingerprint);
      await assertAnswered(t, client, beforeTheEnd);
      t.is(await old.stop(), 0);
    },
  );
}
