import anyTest, { type TestFn } from 'ava';
import { type PayServer, startPayServer } from '../support/pay-server.js';
import { type Person, registerInside } from '../support/person.js';
import { runPay } from '../support/run-pay.js';
import { runInTerminal } from '../support/terminal.js';

const test = anyTest as TestFn<{ server: PayServer; alice: Person }>;

const payments = 45;

test.before(async (t) => {
  const server = await startPayServer({ PAY_RATE_LIMITS: 'off' });
  const alice = await registerInside(server, 'alice', 'GBP');
  await registerInside(server, 'bob', 'USD');
  const items = [...Array(payments - 1).keys()].map((index) => ({ to: 'bob', amount: `1.${index + 10}` }));
  const body = JSON.stringify({ items, mode: 'each' });
  await alice.json('api', 'POST', '/v1/payouts', '--body', body);
  t.context = { server, alice };
});

test.after.always(async (t) => {
  await t.context.server?.stop();
});

const linesOf = (text: string) => text.trimEnd().split('\n');

test('a list is whole where no terminal reads, and says so where --limit left some out', async (t) => {
  const { alice } = t.context;
  const piped = await alice.pay('history');
  t.is(linesOf(piped.stdout).length, payments);
  t.is(piped.stderr, '');
  t.is(((await alice.json('history')) as unknown[]).length, payments);
  t.is(linesOf((await alice.pay('history', '--jq', '.[].id')).stdout).length, payments);
  for (const words of [['--json'], [], ['--format', 'csv'], ['--format', 'ledger'], ['--jq', '.[].id']]) {
    const limited = await alice.pay('history', '--limit', '3', ...words);
    t.is(limited.status, 0);
    t.is(limited.stderr, 'There are more: --all, or --limit <n>.\n', words.join(' '));
  }
  t.is((await alice.pay('history', '--limit', String(payments))).stderr, '');
  t.is((await alice.pay('history', '--limit', String(payments), '--format', 'ndjson')).stderr, '');
});

test('a column that there is not is refused where the list is empty, too', async (t) => {
  const { alice } = t.context;
  for (const words of [['tokens'], ['blocks'], ['history', '--kind', 'refund'], ['requests']]) {
    for (const look of ['--table', '--tsv']) {
      const { status, stderr } = await alice.pay(...words, look, '--columns', 'nosuch');
      t.is(status, 2, `${words.join(' ')} ${look}`);
      t.regex(stderr, /--columns: there is no column nosuch here\./);
    }
  }
});

test('--table, --tsv and --columns say how a list is written, wherever it goes', async (t) => {
  const { alice } = t.context;
  const table = linesOf(
    (await alice.pay('history', '--table', '--columns', 'id,amount', '--limit', '2')).stdout,
  );
  t.regex(table[0] ?? '', /^id +amount$/);
  t.regex(table[1] ?? '', /^pay_\w{10} +-1\.53 GBP$/);
  const cells = (await alice.pay('history', '--columns', 'amount,currency,createdAt', '--limit', '1')).stdout;
  t.regex(cells, /^-1\.53\tGBP\t2\d{3}-[\d-]+T[\d:.]+Z\n$/);
  const csv = (await alice.pay('history', '--format', 'csv', '--columns', 'memo,amount', '--limit', '1'))
    .stdout;
  t.is(csv, 'memo,amount\r\n,-1.53\r\n');
  const terminal = runInTerminal(
    ['history', '--tsv', '--limit', '1', '--columns', 'kind,amount'],
    alice.environment,
  );
  t.is(await terminal.ended, 0);
  t.regex(terminal.text(), /transfer\s+-1\.53\r\n/);
  for (const words of [
    ['--columns', 'nope'],
    ['--json', '--columns', 'id'],
    ['--table', '--tsv'],
  ]) {
    const refused = await alice.pay('history', ...words);
    t.is(refused.status, 2, words.join(' '));
    t.is(refused.stdout, '');
  }
});

test('a list that is longer than the terminal opens in a pager, unless that is not wanted', async (t) => {
  const { alice } = t.context;
  const paged = { ...alice.environment, PAY_PAGER: 'sed "s/^/paged: /"', PAGER: 'false' };
  const long = runInTerminal(['history', '--all'], paged);
  t.is(await long.ended, 0);
  t.regex(long.text(), /paged: .*-1\.53 GBP/);
  for (const [words, environment] of [
    [['history', '--all', '--no-pager'], paged],
    [['history', '--limit', '3'], paged],
    [['history', '--all'], { ...paged, PAY_PAGER: '' }],
    [['history', '--all'], { ...paged, PAY_PAGER: 'nowhere-to-be-found' }],
    [['history', '--all'], { ...paged, PATH: '/nowhere-to-be-found' }],
  ] as const) {
    const plain = runInTerminal(words, environment);
    t.is(await plain.ended, 0);
    t.regex(plain.text(), /-1\.53 GBP/);
    t.notRegex(plain.text(), /paged: /);
  }
  const own = runInTerminal(['history', '--all'], { ...alice.environment, LESS: 'RK' });
  await own.sees('-1.53 GBP');
  // Ctrl-C is the pager's, which is left by it here, and interrupts nothing else.
  own.type('\u0003');
  t.is(await own.ended, 0);
});

test('nouns alone list, and a word that is none of their commands is named', async (t) => {
  const { alice } = t.context;
  await alice.json('tokens', 'create', '--name', 'ci');
  for (const noun of ['tokens', 'profiles', 'webhooks']) {
    const alone = await alice.pay(noun);
    t.is(alone.status, 0);
    t.is(alone.stdout, (await alice.pay(noun, 'list')).stdout);
    const wrong = await alice.pay(noun, 'lst');
    t.is(wrong.status, 2);
    t.regex(wrong.stderr, /There is no command \w+ lst/);
    t.regex(wrong.stderr, /Did you mean list\?/);
  }
  for (const [words, path, hint] of [
    [['requests', 'accpet', '3', '--yes'], 'requests accpet', 'Did you mean accept?'],
    [['requests', 'list'], 'requests list', 'It lists by itself: pay requests'],
    [['collections', 'ls'], 'collections ls', 'It lists by itself: pay collections'],
    [['2fa', 'list'], '2fa list', 'There are status, on, confirm, above, and off.'],
    [['requests', 'bob'], 'requests bob', 'There are show, accept, decline, cancel, and remind.'],
    [['requests', 'req_1'], 'requests req_1', 'To see this one: pay requests show req_1'],
    [['admin', 'limits', 'ste', '--user', 'bob'], 'admin limits ste', 'Did you mean set?'],
    [['2fa', 'onn', 'now'], '2fa onn', 'Did you mean on?'],
  ] as const) {
    const { status, stderr } = await alice.pay(...words);
    t.is(status, 2);
    t.true(stderr.startsWith(`✗ There is no command ${path}.\n  → ${hint}\n`), stderr);
  }
  t.is((await runPay(['admin'], alice.environment)).status, 5);
});

test('exports have the days of the reader, with the exact time beside', async (t) => {
  const { alice } = t.context;
  const [{ createdAt } = { createdAt: '' }] = (await alice.json('history', '--limit', '1')) as {
    createdAt: string;
  }[];
  // Fourteen hours before and after UTC: in one of both it is another day.
  for (const [zone, hours] of [
    ['Etc/GMT-14', 14],
    ['Etc/GMT+12', -12],
  ] as const) {
    const day = new Date(Date.parse(createdAt) + hours * 3_600_000).toISOString().slice(0, 10);
    const environment = { ...alice.environment, TZ: zone };
    const words = ['history', '--period', 'today', '--format'];
    for (const format of ['ledger', 'beancount']) {
      const { stdout } = await runPay([...words, format], environment);
      t.regex(stdout, new RegExp(`^${day} \\* `, 'm'), format);
      t.true(stdout.includes(createdAt), format);
    }
    const csv = await runPay([...words, 'csv', '--columns', 'day,createdAt', '--limit', '1'], environment);
    t.is(csv.stdout, `day,createdAt\r\n${day},${createdAt}\r\n`);
  }
});

test('periods in words are the reader’s, and a day that does not exist is refused everywhere', async (t) => {
  const { alice } = t.context;
  for (const words of [
    ['--since', '7d'],
    ['--this-month'],
    ['--period', 'today'],
    ['--since', 'yesterday'],
  ]) {
    t.is(linesOf((await alice.pay('history', ...words)).stdout).length, payments, words.join(' '));
  }
  t.is((await alice.pay('history', '--period', '2020-02')).stdout, '');
  for (const words of [
    ['history', '--since', '2026-02-30'],
    ['history', '--period', '2026-13'],
    ['requests', '--until', '2026-02-30'],
    ['admin', 'audit', '--since', '2026-02-30'],
    ['request', 'bob', '1', '--expires', '2027-02-30'],
  ]) {
    t.is((await alice.pay(...words)).status, 2, words.join(' '));
  }
});

test('a period that ends before it begins is refused everywhere, and not told of as one without payments', async (t) => {
  const { alice } = t.context;
  const period = ['--since', '2026-03', '--until', '2026-03-01'];
  for (const words of [['history'], ['requests'], ['stats'], ['admin', 'audit']]) {
    const { status, stderr } = await alice.pay(...words, ...period);
    t.is(status, 2, words.join(' '));
    t.regex(stderr, /Nothing lies between --since "2026-03" and --until "2026-03-01"\./);
  }
});

test('amounts of which the least is above the most are refused everywhere, and not told of as ones nobody paid', async (t) => {
  const { alice } = t.context;
  for (const words of [
    ['history'],
    ['history', '--format', 'csv'],
    ['stats'],
    ['admin', 'payments', '--currency', 'GBP'],
  ]) {
    const { status, stdout, stderr } = await alice.pay(...words, '--min', '10', '--max', '9.99');
    t.is(status, 2, words.join(' '));
    t.is(stdout, '');
    t.regex(stderr, /No amount lies between --min 10 and --max 9\.99\.\n.*--min/);
  }
  const exact = await alice.pay('history', '--min', '1.10', '--max', '1.1', '--columns', 'amount');
  t.is(exact.stdout, '-1.10\n');
  t.regex((await alice.pay('history', '--min', '10', '--max', 'x')).stderr, /^✗ --max: Write the amount/);
});
