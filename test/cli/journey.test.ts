import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import anyTest, { type TestFn } from 'ava';
import { type PayServer, startPayServer } from './support/pay-server.js';
import { password, register, stranger } from './support/person.js';
import { runPay } from './support/run-pay.js';

const test = anyTest as TestFn<{ server: PayServer }>;

test.before(async (t) => {
  t.context.server = await startPayServer();
});

test.after.always(async (t) => {
  await t.context.server?.stop();
});

test('two people with different currencies: one pays the other, and both see it', async (t) => {
  const { server } = t.context;
  const [alice, bob] = [await register(server, 'alice', 'GBP'), await register(server, 'bob', 'usd')];
  t.deepEqual(await alice.json('balance'), { amount: '1000.00', currency: 'GBP' });
  t.deepEqual(await bob.json('balance'), { amount: '1270.00', currency: 'USD' });

  const rehearsed = (await alice.json('send', 'bob', '10', '--memo', 'lunch', '--dry-run')) as Record<
    string,
    unknown
  >;
  t.is(rehearsed.id, null);
  t.deepEqual(rehearsed.received, { amount: '12.70', currency: 'USD' });
  t.deepEqual(await alice.json('balance'), { amount: '1000.00', currency: 'GBP' });

  const paid = await alice.pay('send', 'bob', '10', '--memo', 'lunch', '--yes');
  t.is(paid.status, 0);
  t.regex(paid.stderr, /Paid 10\.00 GBP to bob, who received 12\.70 USD\./);
  const id = /^payment\t(\S+)$/m.exec(paid.stdout)?.[1] ?? '';
  t.deepEqual(await alice.json('balance'), { amount: '990.00', currency: 'GBP' });
  t.deepEqual(await bob.json('balance'), { amount: '1282.70', currency: 'USD' });

  const [row] = (await bob.pay('history')).stdout.split('\n');
  t.deepEqual(row?.split('\t').toSpliced(1, 1), [
    id,
    'transfer',
    'received',
    'alice',
    '+12.70',
    'USD',
    '10.00',
    'GBP',
    'lunch',
  ]);
  const shown = (await bob.json('show', id)) as Record<string, unknown>;
  t.is(shown.from, 'alice');
  t.is((await alice.pay('show', 'pay_nonsense')).status, 3);
  t.deepEqual(await readdir(join(alice.folder, 'pending')), []);
});

test('what is wrong with a payment is told, costs nothing and has its exit status', async (t) => {
  const { server } = t.context;
  const carol = await register(server, 'carol', 'EUR');
  const before = await carol.json('balance');
  const refused: [string[], number][] = [
    [['send', 'carol', '1'], 1],
    [['send', 'nobody', '1'], 3],
    [['send', 'alice', '1000000'], 1],
    [['send', 'alice', '1', 'XXX'], 3],
    ...[
      '0',
      '-5',
      '+5',
      '1e3',
      '0x10',
      '010',
      '1,000',
      '1_000',
      '.5',
      '5.',
      'NaN',
      '1.001',
      ' 1',
      '١',
      '99999999999999999',
    ].map((amount): [string[], number] => [['send', 'alice', amount], 2]),
    [['send', 'alice', '5', 'GBP', '--max', '0.01'], 1],
  ];
  for (const [words, status] of refused) {
    const run = await carol.pay(...words, '--yes');
    t.is(run.status, status, `${words.join(' ')}: ${run.stderr}`);
    t.is(run.stdout, '');
  }
  const unasked = await carol.pay('send', 'alice', '1');
  t.is(unasked.status, 2);
  t.regex(unasked.stderr, /--yes/);
  t.deepEqual(await carol.json('balance'), before);
  t.deepEqual(await readdir(join(carol.folder, 'pending')).catch(() => []), []);
});

test('the same key pays once, and says so the second time', async (t) => {
  const { server } = t.context;
  const [dora, emil] = [await register(server, 'dora', 'GBP'), await register(server, 'emil', 'GBP')];
  const words = ['send', 'emil', '5', '--key', 'my-key/1', '--yes', '--json'];
  const first = await dora.pay(...words);
  const again = await dora.pay(...words);
  t.is(again.status, 0);
  t.is(again.stdout, first.stdout);
  t.deepEqual(await emil.json('balance'), { amount: '1005.00', currency: 'GBP' });
  t.is((await dora.pay('send', 'emil', '6', '--key', 'my-key/1', '--yes')).status, 1);
});

test('an unknown server gets nothing before its key is accepted, and a changed one nothing at all', async (t) => {
  const { server } = t.context;
  const nobody = await stranger({ PAY_SERVER: server.url });
  const unknown = await nobody.pay('rates');
  t.is(unknown.status, 2);
  t.true(unknown.stderr.includes(`--fingerprint ${server.fingerprint}`));
  const wrong = `SHA256:${'A'.repeat(43)}`;
  t.is((await nobody.pay('rates', '--fingerprint', wrong)).status, 6);
  t.is((await nobody.pay('rates', '--fingerprint', 'nonsense')).status, 2);
  t.is((await nobody.pay('rates')).status, 2);
  t.is((await nobody.pay('rates', '--fingerprint', server.fingerprint)).status, 0);
  t.is((await nobody.pay('rates')).status, 0);
});

test('a session is kept privately and ends on both sides', async (t) => {
  const { server } = t.context;
  const frida = await register(server, 'frida', 'CHF');
  const files = await Promise.all(
    ['config.json', 'credentials.json'].map(async (name) => ({
      mode: (await stat(join(frida.folder, name))).mode & 0o777,
      text: await readFile(join(frida.folder, name), 'utf8'),
    })),
  );
  t.deepEqual(
    files.map(({ mode }) => mode),
    [0o600, 0o600],
  );
  t.false(files[0]?.text.includes('pay_ses_'));
  const token = /pay_ses_\w+/.exec(files[1]?.text ?? '')?.[0] ?? '';
  t.is((await runPay(['balance'], { ...frida.environment, PAY_TOKEN: token })).status, 0);
  t.is((await frida.pay('logout')).status, 0);
  t.is((await frida.pay('balance')).status, 4);
  t.is((await runPay(['balance'], { ...frida.environment, PAY_TOKEN: token })).status, 4);
  const wrong = await runPay(['login', 'frida', '--password-stdin'], frida.environment, 'wrong-password\n');
  t.is(wrong.status, 4);
  const right = await runPay(['login', 'FRIDA', '--password-stdin'], frida.environment, `${password}\n`);
  t.is(right.status, 0);
  t.is((await frida.pay('balance')).status, 0);
});

test('a session that the server has ended is forgotten by logging out', async (t) => {
  const { server } = t.context;
  const gustav = await register(server, 'gustav', 'SEK');
  const token =
    /pay_ses_\w+/.exec(await readFile(join(gustav.folder, 'credentials.json'), 'utf8'))?.[0] ?? '';
  const other = await stranger({ PAY_SERVER: server.url });
  await runPay(
    ['login', 'gustav', '--password-stdin', '--fingerprint', server.fingerprint],
    other.environment,
    `${password}\n`,
  );
  const changed = await runPay(
    ['password', '--password-stdin'],
    other.environment,
    `${password}\nmaple-8-badger\n`,
  );
  t.is(changed.status, 0, changed.stderr);
  t.is((await runPay(['balance'], { ...gustav.environment, PAY_TOKEN: token })).status, 4);
  t.is((await gustav.pay('logout')).status, 0);
  t.is((await gustav.pay('whoami')).status, 4);
});

test('a token for scripts does what its scopes say, until it is revoked', async (t) => {
  const { server } = t.context;
  const hanna = await register(server, 'hanna', 'GBP');
  const token = (await hanna.json('tokens', 'create', '--name', 'report', '--scopes', 'read')) as Record<
    string,
    string
  >;
  const script = { ...hanna.environment, PAY_TOKEN: token.token ?? '' };
  t.is((await runPay(['balance'], script)).status, 0);
  const payment = await runPay(['send', 'alice', '1', '--yes'], script);
  t.is(payment.status, 5, payment.stderr);
  t.regex((await hanna.pay('tokens', 'list')).stdout, new RegExp(`^${token.id}\treport\tread\t`));
  t.is((await hanna.pay('tokens', 'revoke', token.id ?? '')).status, 0);
  t.is((await runPay(['balance'], script)).status, 4);
});

test('memos from others cannot drive a terminal, a pipe or a spreadsheet', async (t) => {
  const { server } = t.context;
  const [ines, jon] = [await register(server, 'ines', 'GBP'), await register(server, 'jon', 'GBP')];
  const memo = '=HYPERLINK("http://x") \u200b gpj';
  const sent = await ines.pay('send', 'jon', '3', '--memo', memo, '--yes');
  t.is(sent.status, 0, sent.stderr);
  const history = await jon.pay('history');
  t.true(history.stdout.includes('=HYPERLINK("http://x") ‹U+200B› gpj\n'));
  const json = await jon.pay('history', '--json');
  t.false(json.stdout.includes('\u200b'));
  t.is((JSON.parse(json.stdout) as { memo: string }[])[0]?.memo, memo);
  const csv = await jon.pay('history', '--format', 'csv');
  t.true(csv.stdout.includes(`"'=HYPERLINK(""http://x"") ‹U+200B› gpj"`), csv.stdout);
  t.regex(csv.stdout, /^id,createdAt,kind,/);
});

test('history takes every filter as a flag', async (t) => {
  const { server } = t.context;
  const [kim, leo] = [await register(server, 'kim', 'GBP'), await register(server, 'leo', 'USD')];
  for (const [amount, memo] of [
    ['1', 'tea'],
    ['20', 'shoes'],
    ['300', 'rent'],
  ] as const) {
    t.is((await kim.pay('send', 'leo', amount, '--memo', memo, '--yes')).status, 0);
  }
  t.is((await leo.pay('send', 'kim', '2', '--memo', 'thanks', '--yes')).status, 0);
  const memos = async (...words: string[]) =>
    ((await kim.json('history', ...words)) as { memo: string | null }[]).map(({ memo }) => memo);
  t.deepEqual(await memos(), ['thanks', 'rent', 'shoes', 'tea', null]);
  t.deepEqual(await memos('--direction', 'sent'), ['rent', 'shoes', 'tea']);
  t.deepEqual(await memos('--with', 'leo', '--direction', 'received'), ['thanks']);
  for (const kind of ['opening credit', 'opening-credit', 'opening_credit']) {
    t.deepEqual(await memos('--kind', kind), [null]);
  }
  for (const kind of ['payment', 'transfer']) {
    t.deepEqual(await memos('--kind', kind), ['thanks', 'rent', 'shoes', 'tea']);
  }
  const none = await kim.pay('history', '--kind', 'gift');
  t.is(none.status, 2);
  t.regex(none.stderr, /are payment, request, refund, adjustment, opening-credit\./);
  t.deepEqual(await memos('--currency', 'usd', '--search', 'SHO'), ['shoes']);
  t.deepEqual(await memos('--min', '20', '--max', '300'), ['rent', 'shoes']);
  t.deepEqual(await memos('--limit', '2'), ['thanks', 'rent']);
  t.deepEqual(await memos('--until', '2020-01-01'), []);
  t.is((await memos('--since', '2020-01-01', '--all')).length, 5);
  t.is((await memos('--since', 'yesterday')).length, 5);
  t.is((await kim.pay('history', '--since', 'soon')).status, 2);
  t.is((await kim.pay('history', '--direction', 'up')).status, 2);
});

test('home, time, rates and conversions', async (t) => {
  const { server } = t.context;
  const mia = await register(server, 'mia', 'JPY');
  const home = (await mia.json('home')) as { currentTime: string; payments: unknown[] };
  t.regex(home.currentTime, /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/);
  t.is(home.payments.length, 1);
  t.regex((await mia.pay('time')).stdout, /^\d{4}-\d{2}-\d{2}T[\d:.]+Z\n$/);
  t.regex((await mia.pay('rates')).stdout, /^USD\t1\.27\t2\tUS Dollar$/m);
  t.is((await mia.pay('convert', '10', 'gbp', 'usd')).stdout, '12.70\tUSD\t1.27\n');
  t.is((await mia.pay('convert', '10.5', 'JPY', 'USD')).status, 2);
  t.is((await mia.pay('convert', '10', 'GBP', 'XXX')).status, 3);
});

test('what --debug shows holds no password and no token', async (t) => {
  const { server } = t.context;
  const nina = await register(server, 'nina', 'GBP');
  const login = await runPay(
    ['login', 'nina', '--password-stdin', '--debug'],
    nina.environment,
    `${password}\n`,
  );
  t.is(login.status, 0);
  t.regex(login.stderr, /> POST https:\S+\/v1\/sessions/);
  t.regex(login.stderr, /"password":"\*{4}"/);
  const balance = await nina.pay('balance', '--debug');
  t.regex(balance.stderr, /> authorization: \*{4}/);
  for (const text of [login.stderr, balance.stderr]) {
    t.notRegex(text, /pay_ses_|maple-7-otter/);
  }
});
