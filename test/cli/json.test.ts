import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import anyTest, { type TestFn } from 'ava';
import { commands } from '../../cli/program/commands.js';
import { everyCommand } from './support/every-command.js';
import { type PayServer, startPayServer } from './support/pay-server.js';
import { type Person, password, registerInside } from './support/person.js';
import { makeFolder, plainEnvironment, type Run } from './support/run-pay.js';
import { runPayInside } from './support/run-pay-inside.js';

const test = anyTest as TestFn<{ server: PayServer; ruth: Person; seth: Person }>;

// Where --limit left some out, that is said with JSON, too.
const moreWord = 'There are more: --all, or --limit <n>.\n';

test.before(async (t) => {
  const server = await startPayServer();
  t.context.server = server;
  t.context.ruth = await registerInside(server, 'ruth', 'GBP');
  t.context.seth = await registerInside(server, 'seth', 'USD');
});

test.after.always(async (t) => {
  await t.context.server?.stop();
});

/** The commands that other tests run with --json: streams, what needs more than a line, and what gives text for a shell. */
const elsewhere = ['watch', 'shell', 'api', 'admin', 'webhooks'];

type Words = readonly string[];

async function asked(from: Person, of: string): Promise<string> {
  const words = ['request', of, '2', '--confirm-duplicate', '*'];
  return ((await from.json(...words)) as { id: string }).id;
}

/** A way to run each command, in an order in which each has what it needs. */
async function ways(ruth: Person, seth: Person): Promise<readonly Words[]> {
  const paid = (await seth.json('send', 'ruth', '3', '--yes')) as { id: string };
  return [
    ['home'],
    [],
    ['balance'],
    ['balance', '--at', 'yesterday'],
    ['balance', '--chart'],
    ['stats'],
    ['statement', 'this-month'],
    ['stats', '--by', 'counterparty', '7d'],
    ['send', 'seth', '1', '--yes'],
    ['send', 'seth', '7', '--dry-run'],
    ['history'],
    ['history', '--limit', '1'],
    ['show', paid.id],
    ['refund', paid.id, '1', '--yes'],
    ['limits'],
    ['request', 'seth', '4'],
    ['requests'],
    ['requests', 'show', await asked(seth, 'ruth')],
    ['requests', 'accept', await asked(seth, 'ruth'), '--yes'],
    ['requests', 'decline', await asked(seth, 'ruth')],
    ['requests', 'cancel', await asked(ruth, 'seth')],
    ['requests', 'remind', await asked(ruth, 'seth')],
    ['collect', 'json', '1', '--from', 'seth', '--yes'],
    ['collect', 'json', '1', '--from', 'seth', '--dry-run'],
    ['collections'],
    ['collections', 'show', 'json'],
    ['collections', 'remind', 'json'],
    ['collections', 'close', 'json'],
    ['block', 'seth'],
    ['blocks'],
    ['unblock', 'seth'],
    ['notifications'],
    ['whoami'],
    ['sessions', 'list'],
    ['2fa', 'status'],
    ['tokens', 'list'],
    ['tokens', 'create', '--name', 'backup'],
    ['completion', 'bash'],
    ['profiles', 'list'],
    ['profile', 'show'],
    ['profiles', 'use', 'ruth'],
    ['convert', '10', 'GBP', 'JPY'],
    ['rates'],
    ['time'],
  ];
}

function isJsonAlone(run: Run): boolean {
  return (
    run.status === 0 &&
    run.stderr.replace(moreWord, '') === '' &&
    /^[{[].*\n$/.test(run.stdout) &&
    JSON.parse(run.stdout) !== null
  );
}

/** The fields that there are, as the refusal of one that is not there names them; none of an empty list of which nothing is known. */
async function fieldsOf(person: Person, way: Words): Promise<readonly string[]> {
  const { stdout, stderr } = await person.pay(...way, '--fields', 'nosuch');
  return stdout === ''
    ? ((JSON.parse(stderr).next as string[])[0] ?? '').replace('There are: ', '').split(',').toSorted()
    : [];
}

function fieldsIn(stdout: string): readonly string[] {
  const [first] = [JSON.parse(stdout)].flat();
  return Object.keys(first ?? {}).toSorted();
}

test.serial(
  'every command writes JSON and nothing else with --json, of the fields that it says there are',
  async (t) => {
    t.timeout(180_000);
    const { server, ruth, seth } = t.context;
    const words = await ways(ruth, seth);
    for (const way of words) {
      const fields = await fieldsOf(ruth, way);
      const run = await ruth.pay(...way, '--json');
      t.true(isJsonAlone(run), `pay ${way.join(' ')}: ${JSON.stringify(run)}`);
      t.true(run.stdout === '[]\n' || isDeepStrictEqual(fields, fieldsIn(run.stdout)), `${way}: ${fields}`);
    }
    const account = [
      '--username',
      'tess',
      '--email',
      'tess@example.org',
      '--currency',
      'EUR',
      '--password-stdin',
    ];
    const environment = plainEnvironment(await makeFolder(), { PAY_SERVER: server.url });
    for (const [way, input] of [
      [['register', ...account, '--fingerprint', server.fingerprint], password],
      [['password', '--password-stdin'], `${password}\nmaple-8-badger`],
      [['login', 'tess', '--password-stdin'], 'maple-8-badger'],
      [['logout'], ''],
    ] as const) {
      const run = await runPayInside([...way, '--json'], environment, `${input}\n`);
      t.true(isJsonAlone(run), `pay ${way.join(' ')}: ${JSON.stringify(run)}`);
    }
    const shown = new Set([
      ...words.map(([name]) => name),
      'register',
      'password',
      'login',
      'logout',
      ...elsewhere,
    ]);
    t.deepEqual(
      commands.map(({ name }) => name).filter((name) => !shown.has(name)),
      [],
    );
  },
);

test('fields of fields stay in their places, and a wrong one says what there is', async (t) => {
  const { ruth } = t.context;
  t.deepEqual(await ruth.json('home', '--fields', 'user.username,user.balance.currency'), {
    user: { username: 'ruth', balance: { currency: 'GBP' } },
  });
  for (const empty of [['history', '--kind', 'refund'], ['requests', '--status', 'expired'], ['webhooks']]) {
    const { status, stdout } = await ruth.pay(...empty, '--fields', 'nosuch');
    t.deepEqual({ status, stdout }, { status: 2, stdout: '' }, empty.join(' '));
  }
  const wrong = await ruth.pay('balance', '--fields', 'amount,colour');
  t.is(wrong.status, 2);
  t.is(wrong.stdout, '');
  t.deepEqual(JSON.parse(wrong.stderr).next, ['There are: amount,currency']);
});

test('--jq is enough to ask for JSON; text stands without quotes, and is no danger to a terminal', async (t) => {
  const { ruth } = t.context;
  const jq = async (filter: string, ...words: string[]) => (await ruth.pay(...words, '--jq', filter)).stdout;
  t.is(await jq('.currency', 'balance'), 'GBP\n');
  t.is(await jq('.user.username', 'home'), 'ruth\n');
  t.is(await jq('.user.username'), 'ruth\n');
  t.is(await jq('-1, null, [1.5], {a: "b"}', 'balance'), '-1\nnull\n[1.5]\n{"a":"b"}\n');
  t.is(await jq('"\\u001b[31m\\u202e", ("a\\tb\\nc")', 'balance'), '‹U+001B›[31m‹U+202E›\na\tb\nc\n');
  t.is(await jq('empty', 'balance'), '');
  t.is(await jq('map(.code) | index("GBP") != null', 'rates'), 'true\n');
  t.is(await jq('keys', 'balance', '--fields', 'amount'), '["amount"]\n');
});

/** The commands that change nothing, or nothing before they have shown it. They may leave it to what they find which fields there are. */
const looking = [
  ...['home', 'balance', 'limits', 'stats', 'statement', 'show', 'rates', 'convert', 'time', 'api', 'whoami'],
  ...['profiles', 'profiles list', 'sessions', 'sessions list', 'blocks', 'collections show'],
  ...['notifications', 'watch', 'shell', 'completion'],
  ...['admin audit', 'admin stats', 'admin books', 'admin invitations', 'admin limits'],
];

const operandsOf: Readonly<Record<string, Words>> = { '2fa above': ['5'] };

test('whatever changes something refuses a field that its answer has not before it asks for anything', async (t) => {
  const environment = plainEnvironment(await makeFolder(), {
    PAY_SERVER: 'https://127.0.0.1:1',
    PAY_TOKEN: 'pay_pat_of_nobody',
  });
  const changing = (await everyCommand()).filter((name) => !looking.includes(name));
  t.true(changing.length > 40);
  for (const name of changing) {
    const words = [...name.split(' '), ...(operandsOf[name] ?? [])];
    const run = await runPayInside([...words, '--fields', 'nosuch'], environment);
    t.is(run.status, 2, name);
    t.is(JSON.parse(run.stderr).detail, '--fields: there is no field nosuch here.', name);
  }
});

test.serial(
  'a field that is not there moves no money, and one that is there in another answer does not, either',
  async (t) => {
    const { ruth } = t.context;
    const before = await ruth.json('balance');
    for (const [words, fields] of [
      [['send', 'seth', '5', '--yes'], 'id,sent.nosuch'],
      [['send', 'seth', '5', '--yes'], 'id.amount'],
      [['send', 'seth', '5', '--yes'], 'line'],
      [['request', 'seth', '5'], 'link'],
    ] as const) {
      const { status, stderr } = await ruth.pay(...words, '--fields', fields);
      t.is(status, 2, stderr);
      t.is(JSON.parse(stderr).code, 'USAGE');
    }
    t.deepEqual(await ruth.json('balance'), before);
    t.deepEqual(
      Object.keys((await ruth.json('request', 'seth', '5.05', '--qr', '--fields', 'link')) as object),
      ['link'],
    );
  },
);

test.serial('a field that only some of the answers have is null in the others, and no refusal', async (t) => {
  const { ruth } = t.context;
  const collected = await ruth.pay(
    ...['collect', 'some', '1', '--from', 'seth,nobody', '--yes'],
    ...['--fields', 'results.from,results.requestId,results.code'],
  );
  const { results } = JSON.parse(collected.stdout) as { results: Record<string, unknown>[] };
  const [asked, refused] = results;
  t.regex(String(asked?.requestId), /^req_/);
  t.deepEqual(asked, { ...asked, from: 'seth', code: null });
  t.deepEqual(refused, { from: 'nobody', requestId: null, code: 'USER_NOT_FOUND' });
  const file = join(await makeFolder(), 'lines.csv');
  await writeFile(file, 'to,amount\nseth,1\nnobody,2\nseth,1000000\n');
  const paid = await ruth.pay(
    'send',
    '--file',
    file,
    '--yes',
    '--fields',
    'line,error.code,error.required.amount',
  );
  const lines = paid.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  t.deepEqual(lines, [
    { line: 2, error: null },
    { line: 3, error: { code: 'USER_NOT_FOUND', required: null } },
    { line: 4, error: { code: 'INSUFFICIENT_FUNDS', required: { amount: '1000000.00' } } },
  ]);
});

test.serial('a filter that cannot be read moves no money; neither does one without its value', async (t) => {
  const { ruth } = t.context;
  const before = await ruth.json('balance');
  for (const filter of ['broken(', '.a[0', 'nosuchfunction', '', '.a) , (.b', '-']) {
    const run = await ruth.pay('send', 'seth', '5', '--yes', '--jq', filter);
    t.is(run.status, 2, filter);
    t.is(run.stdout, '');
    t.is((JSON.parse(run.stderr) as { code: string }).code, 'USAGE');
  }
  t.is((await ruth.pay('send', 'seth', '5', '--yes', '--jq')).status, 2);
  t.deepEqual(await ruth.json('balance'), before);
});

test.serial(
  'a filter that fails on what there is says why; what was paid is paid, and the status says to look',
  async (t) => {
    const { ruth } = t.context;
    const read = await ruth.pay('balance', '--jq', '.amount[0]');
    t.is(read.status, 2);
    t.regex(JSON.parse(read.stderr).detail, /Cannot index string with number/);
    const paid = await ruth.pay('send', 'seth', '6', '--yes', '--jq', '.id[0]');
    t.is(paid.status, 7);
    t.regex(JSON.parse(paid.stderr).detail, /the result was lost/);
  },
);
