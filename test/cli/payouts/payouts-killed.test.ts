import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { runSql } from '../../api/support/database.js';
import { makeDataFolder } from '../../support/first-start.js';
import { startPayServer } from '../../support/server-process.js';
import { type Person, register } from '../support/person.js';
import { payProgram } from '../support/run-pay.js';

const lines = 10_000;

/** Runs the payout and kills it with -9 once it has told of so many lines. */
async function payAndKill({ environment }: Person, path: string, afterLines: number): Promise<void> {
  const running = execa(process.execPath, [payProgram, 'send', '--file', path, '--yes'], {
    env: environment,
    extendEnv: false,
    reject: false,
    buffer: false,
  });
  let told = 0;
  running.stdout.on('data', (chunk: Buffer) => {
    told += chunk.filter((byte) => byte === 10).length;
    if (told >= afterLines) {
      running.kill('SIGKILL');
    }
  });
  const { signal } = await running;
  if (signal !== 'SIGKILL') {
    throw new Error(`It ended by itself after ${told} lines.`);
  }
}

test('a file of 10,000 lines that is killed with -9 in the middle and run again pays everyone once', async (t) => {
  const dataDir = await makeDataFolder(t);
  const server = await startPayServer({ dataDir });
  t.teardown(() => server.stop());
  const alice = await register(server, 'alice', 'GBP');
  for (const name of ['bob', 'carol']) {
    await register(server, name, 'GBP');
  }
  const path = join(alice.folder, 'payouts.csv');
  const rows = Array.from(
    { length: lines },
    (_, index) => `${index % 2 ? 'bob' : 'carol'},0.01,line ${index}`,
  );
  await writeFile(path, `to,amount,memo\n${rows.join('\n')}\n`);

  await payAndKill(alice, path, 2_500);
  await payAndKill(alice, path, 6_001);
  const paidBefore = await runSql(
    { dataDir },
    `select count(*) as paid from payments where kind = 'transfer'`,
  );
  const before = Number(paidBefore[0]?.paid);
  t.true(before >= 6_000 && before < lines, `${before} were paid before the last run`);

  const last = await alice.pay('send', '--file', path, '--yes');
  t.is(last.status, 0, last.stderr);
  t.regex(last.stderr, /Made 10000 payments .* nobody was paid twice/);
  t.is(last.stdout.match(/\tpaid\t/g)?.length, lines);

  const [counts] = await runSql(
    { dataDir },
    `select count(*) as payments, count(distinct memo) as memos, sum(sent_amount) as sent
       from payments where kind = 'transfer'`,
  );
  t.deepEqual(counts, { payments: lines, memos: lines, sent: lines });
  const balances = await runSql(
    { dataDir },
    `select u.username, a.balance from accounts a join users u on u.id = a.user_id order by u.username`,
  );
  t.deepEqual(
    balances.map(({ username, balance }) => [username, balance]),
    [
      ['alice', 90_000],
      ['bob', 105_000],
      ['carol', 105_000],
    ],
  );
  t.is((await alice.pay('send', '--file', path, '--yes')).status, 1);
});
