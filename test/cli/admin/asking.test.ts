import anyTest, { type TestFn } from 'ava';
import type { AdminUserJson } from '../../../server/features/admin/wire.js';
import { type ApiServer, startServer } from '../../api/support/api-server.js';
import { firstAdmin, payServerOf } from '../support/admin.js';
import { type Person, password, register } from '../support/person.js';
import { runInTerminal } from '../support/terminal.js';

interface People {
  readonly server: ApiServer;
  readonly root: Person;
  readonly alice: Person;
}

const test = anyTest as TestFn<People>;

const enter = '\r';
const down = '\u001b[B';
const controlC = '\u0003';

test.before(async (t) => {
  const server = await startServer();
  Object.assign(t.context, { server });
  const root = await firstAdmin(server);
  Object.assign(t.context, { root, alice: await register(payServerOf(server), 'alice', 'GBP') });
});

test.after.always(async (t) => {
  await t.context.server?.stop();
});

const alice = async ({ root }: People) => (await root.json('admin', 'user', 'alice')) as AdminUserJson;

test.serial('freezing shows whom, asks why and whether, and does what was meant', async (t) => {
  const { root } = t.context;
  const run = runInTerminal(['admin', 'freeze'], root.environment);
  await run.sees('Username:');
  run.type(`alice${enter}`);
  await run.sees('alice  alice@example.org');
  await run.sees('1,000.00 GBP  active, registered');
  await run.sees('Reason (kept in the audit trail):');
  run.type(`  ${enter}`);
  await run.sees('Say why.');
  run.type(`card stolen${enter}`);
  await run.sees('Freeze alice?');
  run.type(`y${enter}`);
  t.is(await run.ended, 0);
  t.regex(run.text(), /✓ alice is frozen/);
  t.like((await alice(t.context)).frozen, { by: 'root', reason: 'card stolen' });

  const again = runInTerminal(['admin', 'freeze', 'alice'], root.environment);
  t.is(await again.ended, 1);
  t.regex(again.text(), /alice is frozen already\. Nothing was changed\./);
  t.is((await root.pay('admin', 'unfreeze', 'alice', '--reason', 'found', '--yes')).status, 0);
});

test.serial('a no, and Ctrl-C at each question, change nothing', async (t) => {
  t.timeout(120_000);
  const { root } = t.context;
  const before = await alice(t.context);
  const reason: readonly [string, string] = ['Reason', `why${enter}`];
  const stories: readonly (readonly [readonly string[], readonly (readonly [string, string])[]])[] = [
    [['freeze'], [['Username:', `alice${enter}`], reason, ['Freeze alice?', enter]]],
    [
      ['promote', 'alice'],
      [reason, ['Make alice an administrator?', enter]],
    ],
    [
      ['reset-password', 'alice'],
      [reason, ['Reset the password of alice', enter]],
    ],
    [
      ['limits', 'set', '--user', 'alice', '--per-day', '5'],
      [reason, ['at most 5 GBP in 24 hours?', enter]],
    ],
    [
      ['adjust'],
      [
        ['Username:', `alice${enter}`],
        ['Which way?', enter],
        ['How much (GBP):', `5${enter}`],
        reason,
        ['Credit alice 5.00 GBP?', enter],
      ],
    ],
  ];
  for (const [words, questions] of stories) {
    for (let stop = 0; stop <= questions.length; stop += 1) {
      const run = runInTerminal(['admin', ...words], root.environment);
      for (const [question, answer] of questions.slice(0, stop)) {
        await run.sees(question);
        run.type(answer);
      }
      const next = questions[stop];
      if (next !== undefined) {
        await run.sees(next[0]);
        run.type(controlC);
      }
      t.is(await run.ended, next === undefined ? 1 : 130, `${words.join(' ')} at ${next?.[0]}`);
    }
  }
  t.deepEqual(await alice(t.context), before);
  t.deepEqual(await root.json('admin', 'limits'), []);
});

test.serial('an adjustment shows the balance before and after, and books what was agreed to', async (t) => {
  const { root } = t.context;
  const run = runInTerminal(['admin', 'adjust', 'alice'], root.environment);
  await run.sees('Which way?');
  run.type(down + enter);
  await run.sees('How much (GBP):');
  run.type(`0.001${enter}`);
  await run.sees(/decimals|GBP has/);
  run.type(`\u0015100.5${enter}`);
  await run.sees('Reason');
  run.type(`booked twice${enter}`);
  await run.sees('Debit alice 100.50 GBP?');
  t.regex(
    run.text(),
    /user +alice\r\n +debit +100\.50 GBP\r\n +reason +booked twice\r\n +balance now +1,000\.00 GBP\r\n +balance after +899\.50 GBP/,
  );
  run.type(`y${enter}`);
  t.is(await run.ended, 0);
  t.regex(run.text(), /✓ Debited alice 100\.50 GBP\./);
  t.deepEqual((await alice(t.context)).balance, { amount: '899.50', currency: 'GBP' });
});

test.serial('the decimal mark of the reader is taken in every amount of an administrator, too', async (t) => {
  const { root } = t.context;
  const german = { ...root.environment, LC_ALL: 'de_DE.UTF-8' };
  const adjusting = ['admin', 'adjust', 'alice', '--credit', '--reason', 'marks'];
  for (const words of [
    ['admin', 'payments', '--user', 'alice', '--min', '0,50', '--max', '1000,00'],
    ['admin', 'payments', '--currency', 'GBP', '--min', '0,50'],
    ['admin', 'adjust', 'alice', '0,50', '--credit', '--reason', 'marks', '--dry-run'],
    ['admin', 'limits', 'set', '--user', 'alice', '--per-day', '9000,50', '--reason', 'marks', '--yes'],
    ['admin', 'limits', 'set', '--currency', 'GBP', '--per-payment', '9000,50', '--reason', 'marks', '--yes'],
  ]) {
    const run = runInTerminal(words, german);
    t.is(await run.ended, 0, `${words.join(' ')}: ${run.text()}`);
  }
  const asked = runInTerminal(adjusting, german);
  await asked.sees('How much (GBP):');
  asked.type(`1,75${enter}`);
  await asked.sees('Credit alice 1,75 GBP?');
  asked.type(enter);
  t.is(await asked.ended, 1);
});

test.serial('a further administrator is asked for whole, the password twice and unseen', async (t) => {
  const { root } = t.context;
  const answers: readonly (readonly [string, string])[] = [
    ['Username:', `carol${enter}`],
    ['Email:', `carol@example.org${enter}`],
    ['type to search):', enter],
    ['Password:', `${password}${enter}`],
    ['Once more:', `${password}${enter}`],
  ];
  for (let stop = 0; stop <= answers.length; stop += 1) {
    const run = runInTerminal(['admin', 'add'], root.environment);
    for (const [question, answer] of answers.slice(0, stop)) {
      await run.sees(question);
      run.type(answer);
    }
    const next = answers[stop];
    if (next !== undefined) {
      await run.sees(next[0]);
      run.type(controlC);
    }
    t.is(await run.ended, next === undefined ? 0 : 130, run.text());
    t.false(run.text().includes(password));
  }
  t.like(await root.json('admin', 'user', 'carol'), { role: 'admin', currency: 'GBP' });
});

test.serial('who logs in with a one-time password is led to a new one, and then is logged in', async (t) => {
  const { root, alice: person } = t.context;
  const words = ['admin', 'reset-password', 'alice', '--reason', 'lost', '--yes'];
  const oneTime = (await root.pay(...words)).stdout.trim();

  const left = runInTerminal(['login', 'alice'], person.environment);
  await left.sees('Password:');
  left.type(`${oneTime}${enter}`);
  await left.sees('New password:');
  left.type(controlC);
  t.is(await left.ended, 130);
  t.regex(left.text(), /Logged in as alice with a one-time password[\s\S]*pay password/);

  const run = runInTerminal(['login', 'alice'], person.environment);
  await run.sees('Password:');
  run.type(`${oneTime}${enter}`);
  await run.sees('This was a one-time password.');
  await run.sees('New password:');
  run.type(`12345678${enter}`);
  await run.sees('entirely numeric');
  for (const [word, then] of [
    [oneTime, 'The one-time password must be changed'],
    ['harbour-5-walnut', 'The password is changed.'],
  ] as const) {
    await run.sees('New password:');
    run.type(word + enter);
    await run.sees('Once more:');
    run.type(word + enter);
    await run.sees(then);
  }
  t.is(await run.ended, 0);
  t.regex(run.text(), /✓ Logged in as alice/);
  t.false(run.text().includes(oneTime));
  t.is((await person.pay('balance')).stdout, '899.50\tGBP\n');
});
