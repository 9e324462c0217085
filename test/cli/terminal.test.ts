import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import anyTest, { type TestFn } from 'ava';
import { type PayServer, startPayServer } from './support/pay-server.js';
import { type Person, password, register, stranger } from './support/person.js';
import { runPay } from './support/run-pay.js';
import { runInTerminal } from './support/terminal.js';

const test = anyTest as TestFn<{ server: PayServer; alice: Person; bob: Person }>;

const enter = '\r';
const controlC = '\u0003';
const controlD = '\u0004';

test.before(async (t) => {
  const server = await startPayServer();
  const alice = await register(server, 'alice', 'GBP');
  const bob = await register(server, 'bob', 'USD');
  t.context = { server, alice, bob };
});

test.after.always(async (t) => {
  await t.context.server?.stop();
});

async function payments({ alice }: { alice: Person }): Promise<number> {
  return ((await alice.json('history', '--all')) as unknown[]).length;
}

test.serial('registering asks for everything, shows the key of the server, and logs in', async (t) => {
  const { server } = t.context;
  const carol = await stranger({ PAY_SERVER: server.url });
  const run = runInTerminal(['register'], carol.environment);
  await run.sees(server.fingerprint);
  await run.sees('Is it the same?');
  run.type(`y${enter}`);
  await run.sees('At most 100 of A-Z a-z 0-9 @ . + - _');
  await run.sees('Username:');
  run.type(`alice${enter}`);
  await run.sees('The username alice is in use.');
  run.type(`${'\u007f'.repeat(5)}carol${enter}`);
  await run.sees('Email:');
  run.type(`carol${enter}`);
  await run.sees('such as alice@example.org');
  run.type(`@example.org${enter}`);
  await run.sees(/Currency \(one of \d+; type to search\)/);
  await run.sees(/❯ GBP .*\r\n +USD .*\r\n +EUR /);
  run.type('yen');
  await run.sees('❯ JPY');
  run.type(enter);
  await run.sees('At least 8 characters, not only digits');
  await run.sees('Password:');
  run.type(`short${enter}`);
  await run.sees('At least 8 characters.');
  run.type(`${'\u007f'.repeat(5)}carol-example${enter}`);
  await run.sees('The password is too close to the');
  run.type(`${'\u007f'.repeat(13)}${password}${enter}`);
  await run.sees('Once more:');
  run.type(`${password}${enter}`);
  t.is(await run.ended, 0);
  t.regex(run.text(), /balance +190,350 JPY/);
  t.false(run.raw().includes(password));
  t.is((await carol.pay('balance')).stdout, '190350\tJPY\n');
});

test.serial('a new password is judged when it is typed, and nothing typed is shown', async (t) => {
  const erin = await register(t.context.server, 'erin', 'GBP');
  const run = runInTerminal(['password'], erin.environment);
  const chosen = 'wagon-lilac-41-quartz';
  await run.sees('Current password:');
  run.type(`${password}${enter}`);
  await run.sees('New password:');
  run.type(`password1${enter}`);
  await run.sees('The password is too common');
  run.type(`${chosen}${enter}`);
  await run.sees('Once more:');
  run.type(`${chosen}${enter}`);
  t.is(await run.ended, 0);
  for (const secret of [password, 'password1', chosen]) {
    t.false(run.raw().includes(secret));
  }
});

test.serial('a server whose key is not accepted is sent nothing', async (t) => {
  const { server } = t.context;
  const dave = await stranger({ PAY_SERVER: server.url });
  const run = runInTerminal(['rates'], dave.environment);
  await run.sees('Is it the same?');
  run.type(enter);
  t.is(await run.ended, 1);
  t.deepEqual(await readdir(dave.folder), []);
});

test.serial('a payment is shown with both amounts, rate and balance, and made after a yes', async (t) => {
  const before = await payments(t.context);
  const run = runInTerminal(['send', 'bob', '10', '--memo', 'lunch'], t.context.alice.environment);
  await run.sees('Pay bob 10.00 GBP?');
  t.regex(
    run.text(),
    /you pay +10\.00 GBP\r\n +bob receives +12\.70 USD\r\n +rate +1 GBP = 1\.27 USD\r\n +memo +lunch\r\n +balance after +990\.00 GBP/,
  );
  run.type(`y${enter}`);
  t.is(await run.ended, 0);
  t.regex(run.text(), /Paid 10\.00 GBP to bob, who received 12\.70 USD\./);
  t.is(await payments(t.context), before + 1);
});

test.serial('Enter alone, no, Ctrl-C and Ctrl-D pay nothing and are no success', async (t) => {
  const before = await payments(t.context);
  for (const [answer, status] of [
    [enter, 1],
    [`n${enter}`, 1],
    [controlC, 130],
    [controlD, 130],
  ] as const) {
    const run = runInTerminal(['send', 'bob', '10'], t.context.alice.environment);
    await run.sees('(y/N)');
    run.type(answer);
    t.is(await run.ended, status, JSON.stringify(answer));
  }
  t.is(await payments(t.context), before);
  t.deepEqual(await readdir(join(t.context.alice.folder, 'pending')), []);
});

test.serial('a payment in the currency of the receiver is bounded by the debit that was shown', async (t) => {
  const run = runInTerminal(['send', 'bob', '10', 'usd', '--debug'], t.context.alice.environment);
  await run.sees('(y/N)');
  t.regex(run.text(), /you pay +7\.88 GBP\r\n +bob receives +10\.00 USD/);
  run.type(`y${enter}`);
  t.is(await run.ended, 0);
  t.true(run.text().includes('"maxDebit":"7.88"'));
});

test.serial('what is missing is asked for, and an amount is judged before it is sent', async (t) => {
  const run = runInTerminal(['send'], t.context.alice.environment);
  await run.sees('Whom to pay:');
  run.type(`bob${enter}`);
  await run.sees('How much (GBP):');
  run.type(`1e3${enter}`);
  await run.sees('without an exponent');
  run.type(`${'\u007f'.repeat(3)}2${enter}`);
  await run.sees('Pay bob 2.00 GBP?');
  run.type(controlC);
  t.is(await run.ended, 130);
});

test.serial(
  'what is refused of a registration on the command line is asked for, and the rest is kept',
  async (t) => {
    const { server } = t.context;
    const dora = await stranger({ PAY_SERVER: server.url });
    const words = ['register', 'ALICE', '--email', 'dora@example.org', '--currency', 'EUR'];
    const run = runInTerminal([...words, '--fingerprint', server.fingerprint], dora.environment);
    await run.sees('The username ALICE is in use.');
    await run.sees('Username:');
    run.type(`dora${enter}`);
    await run.sees('Password:');
    run.type(`${password}${enter}`);
    await run.sees('Once more:');
    run.type(`${password}${enter}`);
    t.is(await run.ended, 0);
    t.like(await dora.json('whoami'), { username: 'dora', currency: 'EUR' });
  },
);

test.serial('a password typed wrong at log-in is asked for again', async (t) => {
  const { alice } = t.context;
  const run = runInTerminal(['login', 'alice'], alice.environment);
  await run.sees('Password:');
  run.type(`not-the-password${enter}`);
  await run.sees('✗');
  await run.sees('Password:');
  run.type(`${password}${enter}`);
  t.is(await run.ended, 0);
  t.regex(run.text(), /Logged in as alice/);
});

test.serial('logging in hides the password, and three wrong ones are status 4', async (t) => {
  const { alice } = t.context;
  const run = runInTerminal(['login', 'alice'], alice.environment);
  for (let time = 0; time < 3; time += 1) {
    await run.sees('Password:');
    run.type(`not-the-password${enter}`);
    await run.sees('✗');
  }
  t.is(await run.ended, 4);
  t.false(run.raw().includes('not-the-password'));
  const config = await readFile(join(alice.folder, 'config.json'), 'utf8');
  t.regex(config, /"current": "alice"/);
  t.is((await alice.pay('balance')).status, 0);
});

test.serial('pay alone shows home on a terminal, and memos cannot drive it', async (t) => {
  const { alice, bob } = t.context;
  t.is((await runPay(['send', 'alice', '5', '--memo', '\u200b日本 🏠', '--yes'], bob.environment)).status, 0);
  const run = runInTerminal([], alice.environment, 100);
  t.is(await run.ended, 0);
  const text = run.text();
  t.regex(text, /alice +\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} UTC\r\n\r\n£\d/);
  t.regex(text, /← bob +\+3\.93 GBP +5\.00 USD {2}‹U\+200B›日本 🏠\r\n/);
  t.regex(text, /→ bob +-10\.00 GBP +12\.70 USD {2}lunch\r\n/);
  t.false(run.raw().includes('\u200b'));
});

test.serial('NO_COLOR takes the colours out of output and prompts', async (t) => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one.
  const colour = /\u001b\[[0-9;]*m/;
  const { environment } = t.context.alice;
  const coloured = runInTerminal(['history'], environment);
  t.is(await coloured.ended, 0);
  t.regex(coloured.raw(), colour);
  const plain = runInTerminal(['send', 'bob', '10'], { ...environment, NO_COLOR: '1' });
  await plain.sees('(y/N)');
  plain.type(enter);
  t.is(await plain.ended, 1);
  t.notRegex(plain.raw(), colour);
});

test.serial(
  'without colours, too, each question has ended its line before anything else is said',
  async (t) => {
    const environment = { ...t.context.alice.environment, NO_COLOR: '1' };
    const run = runInTerminal(['password'], environment);
    await run.sees('Current password:');
    run.type(`${password}${enter}`);
    const { lines } = await run.shows((view) => view.lines.some((line) => line.includes('New password:')));
    run.type(controlC);
    t.is(await run.ended, 130);
    t.is(lines[0], '✔ Current password:');
    t.regex(lines[1] ?? '', /^At least 8 characters, not only digits/);
  },
);
