import anyTest, { type TestFn } from 'ava';
import { type PayServer, startPayServer } from './support/pay-server.js';
import { type Person, password, registerInside } from './support/person.js';
import { runPay } from './support/run-pay.js';
import { runPayInside } from './support/run-pay-inside.js';
import { runInTerminal } from './support/terminal.js';

interface Everyone {
  readonly server: PayServer;
  readonly alice: Person;
  readonly bob: Person;
}

const test = anyTest as TestFn<Everyone>;

const enter = '\r';

test.before(async (t) => {
  const server = await startPayServer({ PAY_RATE_LIMITS: 'off' });
  const alice = await registerInside(server, 'alice', 'GBP');
  const bob = await registerInside(server, 'bob', 'USD');
  await alice.json('send', 'bob', '5', '--memo', 'lunch', '--yes');
  t.context = { server, alice, bob };
});

test.after.always(async (t) => {
  await t.context.server?.stop();
});

type Identified = { readonly id: string };

test('who is not there is 3, whichever command they were named to', async (t) => {
  const { alice } = t.context;
  for (const words of [
    ['send', 'nobody', '1', '--yes'],
    ['send', 'nobody', '1', '--dry-run'],
    ['request', 'nobody', '1'],
    ['block', 'nobody'],
    ['unblock', 'nobody'],
  ]) {
    t.is((await alice.pay(...words)).status, 3, words.join(' '));
  }
});

test('a currency that is not there is 3 and named, whichever command it was given to', async (t) => {
  const { server, alice } = t.context;
  for (const words of [
    ['send', 'bob', '1', 'xxx', '--yes'],
    ['request', 'bob', '1', 'XXX'],
    ['collect', 'trip', '1', 'XXX', '--from', 'bob', '--yes'],
    ['convert', '1', 'XXX', 'GBP'],
    ['history', '--currency', 'XXX'],
  ]) {
    const { status, stderr } = await alice.pay(...words);
    t.is(status, 3, words.join(' '));
    t.regex(stderr, /XXX(?:, which)? is not a currency of this server\.\n.*pay rates/s, words.join(' '));
  }
  const stranger = { ...alice.environment, PAY_PROFILE: 'nobody' };
  const register = ['register', 'carl', '--email', 'carl@example.org', '--currency', 'XXX'];
  const words = [...register, '--password-stdin', '--fingerprint', server.fingerprint];
  const { status, stderr } = await runPayInside(words, stranger, `${password}\n`);
  t.is(status, 3);
  t.regex(stderr, /XXX, which is not a currency of this server\./);
});

test('what a payment is for, written where its currency would be, is told from one', async (t) => {
  const { status, stderr } = await t.context.alice.pay('send', 'bob', '1', 'lunch', '--yes');
  t.is(status, 2);
  t.regex(stderr, /"lunch" is no currency\.\n.*behind --memo/);
});

test('whom to collect from, written where the currency would be, is told from one before anything is asked', async (t) => {
  const { alice } = t.context;
  for (const [word, status, said] of [
    ['dave', 2, /^✗ "dave" is no currency\.\r\n.*behind --from/],
    ['bob', 3, /✗ BOB is not a currency of this server\.\r\n.*behind --from/],
  ] as const) {
    const run = runInTerminal(['collect', 'trip', '50', word], alice.environment);
    t.is(await run.ended, status);
    t.regex(run.text(), said);
    t.is((await alice.pay('collect', 'trip', '50', word)).status, status);
  }
});

test('a reminder that comes too early is 1, and says when it may be', async (t) => {
  const { alice } = t.context;
  const { id } = (await alice.json('request', 'bob', '3', 'USD')) as Identified;
  t.is((await alice.pay('requests', 'remind', id, '--yes')).status, 0);
  const again = await alice.pay('requests', 'remind', id, '--yes');
  t.is(again.status, 1);
  t.regex(again.stderr, /less than an hour ago/);
  t.regex(again.stderr, /Again in \d+ (?:min|h), at (?:\d+ \w+, )?\d\d:\d\d/);
});

test('refusals are in our words, and those of pay api in its own', async (t) => {
  const { alice } = t.context;
  const seen = async (...words: string[]) => (await alice.pay(...words)).stderr;
  const all = [
    await seen('send', 'bob', '10', 'USD', '--max', '0.01', '--yes'),
    await seen('send', 'bob', '1', '--key', 'with blank', '--yes'),
    await seen('request', 'bob', '1', '--expires', '2036-01-01'),
    await seen('tokens', 'create', '--name', 'ci', '--scopes', 'read,everything'),
    (await runPay(['rates'], { ...alice.environment, PAY_CONFIG_DIR: `${alice.folder}/none` })).stderr,
  ];
  const texts = [
    /It would cost \S+ GBP now, .*--max.*\n {2}→ Raise --max, or leave it out\.\n$/,
    /A key \(--key\)/,
    /--expires/,
    /--scopes/,
    /signed it itself/,
  ];
  for (const [index, text] of texts.entries()) {
    t.regex(all[index] ?? '', text);
  }
  t.notRegex(all.join(), /maxDebit|Idempotency-Key|expiresAt|scopes\.|DEPTH_ZERO|\d{16}/);
  const raw = await alice.pay(
    'api',
    'POST',
    '/v1/tokens',
    '--body',
    '{"name":"x","scopes":["nope"],"expiresInDays":1}',
  );
  t.regex(raw.stderr, /scopes\.0/);
});

test('an id may be shortened while no other ends so, and says by itself what it is of', async (t) => {
  const { alice, bob } = t.context;
  const { id } = ((await alice.json('history', '--with', 'bob')) as Identified[])[0] ?? { id: '' };
  const asked = (await bob.json('request', 'alice', '2', 'GBP', '--memo', 'tea')) as Identified;
  const short = id.replace(/^pay_0*/, '');
  for (const given of [id, short, short.toLowerCase(), `pay_${short}`]) {
    t.is(((await alice.json('show', given)) as Identified).id, id, given);
  }
  t.is(((await alice.json('show', asked.id)) as Identified).id, asked.id);
  const end = asked.id.replace(/^req_0*/, '');
  t.is(((await alice.json('requests', 'show', end)) as Identified).id, asked.id);
  t.is(((await alice.json('show', `req_${end}`)) as Identified).id, asked.id);
  const several = await alice.pay('show', 'pay_0');
  t.is(several.status, 2);
  t.regex(several.stderr, /more than one id/);
  t.is((await alice.pay('show', 'ZZZZ')).status, 3);
  t.is((await bob.pay('refund', short, '0.05', '--yes')).status, 0);
});

test('without an id one chooses on a terminal, and elsewhere it is named', async (t) => {
  const { alice, bob } = t.context;
  const run = runInTerminal(['show'], alice.environment, 100);
  await run.sees('Which payment?');
  await run.sees('opening credit');
  run.type(enter);
  t.is(await run.ended, 0);
  t.regex(run.text(), /payment +pay_/);
  const back = runInTerminal(['refund'], bob.environment, 100);
  await back.sees('Which one to give back?');
  await back.sees(/from alice · lunch/);
  back.kill('SIGKILL');
  for (const words of [
    ['show'],
    ['refund'],
    ['requests', 'show'],
    ['sessions', 'end'],
    ['tokens', 'revoke'],
    ['webhooks', 'remove'],
  ]) {
    const refused = await alice.pay(...words);
    t.is(refused.status, 2, words.join(' '));
    t.regex(refused.stderr, /<id>/);
  }
});

test('to give back only what can be given back is offered', async (t) => {
  const { server, alice } = t.context;
  const erin = await registerInside(server, 'erin', 'GBP');
  const none = runInTerminal(['refund'], erin.environment, 100);
  await none.sees('There is no payment to choose from.');
  t.is(await none.ended, 3);
  const whole = (await erin.json('send', 'alice', '3', '--yes')) as Identified;
  await alice.json('refund', whole.id, '--yes');
  const parted = (await alice.json('send', 'erin', '4', '--memo', 'tea', '--yes')) as Identified;
  await erin.json('refund', parted.id, '1', '--yes');
  const run = runInTerminal(['refund'], erin.environment, 100);
  await run.sees(/4\.00 GBP from alice · tea/);
  run.kill('SIGKILL');
  t.notRegex(run.text(), /opening credit|refund ·|3\.00 GBP/);
});

test('an id or a name that is empty, as a variable that was never set, is 2 wherever it is given', async (t) => {
  const { alice } = t.context;
  for (const words of [
    ['show', ''],
    ['refund', '', '--yes'],
    ['requests', 'show', ''],
    ['requests', 'accept', '', '--yes'],
    ['requests', 'cancel', '', '--yes'],
    ['sessions', 'end', '', '--yes'],
    ['tokens', 'revoke', '', '--yes'],
    ['webhooks', 'remove', '', '--yes'],
    ['block', '', '--yes'],
    ['unblock', '', '--yes'],
    ['send', '', '1', '--yes'],
  ]) {
    const { status, stderr } = await alice.pay(...words);
    t.is(status, 2, words.join(' '));
    t.regex(stderr, /^✗ "" is n/, words.join(' '));
  }
});

test('what is wrong is shown in quotes, so that nothing and a blank are seen', async (t) => {
  const { alice } = t.context;
  for (const [words, said] of [
    [['send', 'bob', '', '--yes'], '"" is no amount.'],
    [['send', 'bob', '5 ', '--yes'], '"5 " is no amount.'],
    [['request', 'bob', '5', '--expires', ''], '--expires "" is no time that there is.'],
    [['history', '--since', ''], '--since "" is no time that there is.'],
    [['history', '--period', ' '], '--period " " is no day, month or year that there is.'],
    [['send', 'bob', '5', 'a b'], '"a b" is no currency.'],
    [['balance', '--server', ''], '--server "" is no address of a server.'],
  ] as const) {
    const { status, stderr } = await alice.pay(...words);
    t.is(status, 2, words.join(' '));
    t.true(stderr.startsWith(`✗ ${said}`), stderr);
  }
});

test('a file that cannot be read is told of in our words, whichever command it was given to', async (t) => {
  const { alice } = t.context;
  const none = `${alice.folder}/none.csv`;
  for (const words of [
    ['send', '--yes', '--file'],
    ['collect', 'trip', '5', '--yes', '--from-file'],
    ['api', 'POST', '/v1/payments', '--input'],
  ]) {
    for (const [path, why] of [
      [none, 'there is no such file'],
      [alice.folder, 'it is a folder'],
    ] as const) {
      const { status, stderr } = await alice.pay(...words, path);
      t.is(status, 2, words.join(' '));
      t.true(stderr.includes(`cannot be read: ${why}.`), stderr);
      t.notRegex(stderr, /ENOENT|EISDIR/);
    }
  }
  const trusting = await runPay(['balance'], { ...alice.environment, PAY_CA: none });
  t.is(trusting.status, 2);
  t.is(trusting.stderr, `✗ PAY_CA: ${none} cannot be read: there is no such file.\n`);
});

test('what there will be is told by no command: a time that is yet to come is 2', async (t) => {
  const { alice, server } = t.context;
  for (const words of [
    ['balance', '--at', '2999'],
    ['balance', '--at', '2999-01-31'],
    ['balance', '--at', '2999-01-31T12:00:00Z'],
    ['statement', '2999-01'],
  ]) {
    const { status, stdout, stderr } = await alice.pay(...words);
    t.is(status, 2, words.join(' '));
    t.is(stdout, '');
    t.regex(stderr, /^✗ 2999\S* is yet to come\.\n {2}→ \S/, words.join(' '));
  }
  // Of somebody whose balance no other test moves.
  const dora = await registerInside(server, 'dora', 'GBP');
  const now = await dora.json('balance');
  t.like(await dora.json('balance', '--at', 'this-year'), { balance: now });
});

test('every act takes --yes', async (t) => {
  const { server, alice, bob } = t.context;
  await registerInside(server, 'carol', 'USD');
  const done = async (person: Person, ...words: string[]) => {
    const { status, stderr } = await person.pay(...words, '--yes');
    t.is(status, 0, `${words.join(' ')}: ${stderr}`);
  };
  const first = (await bob.json('request', 'alice', '1', 'GBP')) as Identified;
  const second = (await bob.json('request', 'alice', '1.5', 'GBP')) as Identified;
  await done(alice, 'requests', 'decline', first.id);
  await done(bob, 'requests', 'cancel', second.id);
  await done(alice, 'block', 'carol');
  await done(alice, 'unblock', 'carol');
  await done(alice, 'tokens', 'create', '--name', 'yes');
  const [token] = (await alice.json('tokens')) as Identified[];
  await done(alice, 'tokens', 'revoke', token?.id ?? '');
  await done(alice, 'profile', 'set', '--name', 'Alice Example');
  await done(alice, 'profiles', 'use', 'alice');
});

test('a display name can be set and taken away; the email changes with the password alone', async (t) => {
  const { bob } = t.context;
  const set = (...words: string[]) =>
    runPay(['profile', 'set', ...words, '--json'], bob.environment, `${password}\n`);
  t.is(JSON.parse((await set('--name', 'Bob Example')).stdout).displayName, 'Bob Example');
  t.is(((await bob.json('profile')) as { displayName: string }).displayName, 'Bob Example');
  t.is(JSON.parse((await set('--name', '')).stdout).displayName, null);
  const moved = await set('--email', 'bob@example.com', '--password-stdin');
  t.is(JSON.parse(moved.stdout).email, 'bob@example.com');
  const wrong = await runPay(
    ['profile', 'set', '--email', 'b@example.com', '--password-stdin'],
    bob.environment,
    'no\n',
  );
  t.is(wrong.status, 5);
  t.is((await bob.pay('profile', 'set', '--email', 'b@example.com')).status, 2);
  t.is((await bob.pay('profile', 'set')).status, 2);
  t.is(((await bob.json('profile')) as { email: string }).email, 'bob@example.com');
});

test('the decimal mark of the reader is taken on a terminal where it can be nothing else', async (t) => {
  const { alice } = t.context;
  const german = { ...alice.environment, LC_ALL: 'de_DE.UTF-8' };
  const taken = runInTerminal(['send', 'bob', '1,50', '--dry-run'], german);
  t.is(await taken.ended, 0);
  t.regex(taken.text(), /1,50 GBP/);
  const refused = runInTerminal(['send', 'bob', '1,500', '--dry-run'], german);
  t.is(await refused.ended, 2);
  const english = runInTerminal(['send', 'bob', '1,50', '--dry-run'], alice.environment);
  t.is(await english.ended, 2);
  t.is((await runPay(['send', 'bob', '1,50', '--dry-run'], german)).status, 2);
  const asked = runInTerminal(['send', 'bob'], german);
  await asked.sees('How much (GBP):');
  asked.type('2,25');
  await asked.sees('you pay 2,25 GBP');
  asked.kill('SIGKILL');
});

test('it is taken wherever an amount may be written', async (t) => {
  const { alice, bob } = t.context;
  const { id } = (await alice.json('send', 'bob', '7', '--memo', 'marks', '--yes')) as Identified;
  const asked = (await bob.json('request', 'alice', '2', 'GBP', '--memo', 'marks')) as Identified;
  for (const [person, ...words] of [
    [alice, 'send', 'bob', '1', 'USD', '--max', '0,99', '--dry-run'],
    [alice, 'request', 'bob', '1,25', '--dry-run'],
    [alice, 'requests', 'accept', asked.id, '--max', '2,50', '--dry-run'],
    [bob, 'refund', id, '0,50', '--dry-run'],
    [alice, 'convert', '1,50', 'GBP', 'USD'],
    [alice, 'history', '--min', '0,50', '--max', '7,00'],
  ] as [Person, ...string[]][]) {
    const run = runInTerminal(words, { ...person.environment, LC_ALL: 'de_DE.UTF-8' });
    t.is(await run.ended, 0, `${words.join(' ')}: ${run.text()}`);
  }
});
