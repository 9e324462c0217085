import { spawn } from 'node:child_process';
import { once } from 'node:events';
import anyTest, { type TestFn } from 'ava';
import { execa } from 'execa';
import type { PaymentJson } from '../../../server/features/payments/wire.js';
import { testWith } from '../../support/needs.js';
import { startBrokenServer } from '../support/broken-server.js';
import { type PayServer, startPayServer } from '../support/pay-server.js';
import { type Person, registerInside } from '../support/person.js';
import { makeFolder, payProgram, plainEnvironment, type Run } from '../support/run-pay.js';
import { millionths } from './formats/support/decimal.js';
import { fixedHistory } from './formats/support/histories.js';
import { loadInBeancount, loadInLedgers, needsLedgers } from './formats/support/programs.js';
import { readOfx } from './formats/support/read-ofx.js';
import { readBeancount, readLedger } from './formats/support/read-postings.js';

interface Holder extends Person {
  readonly username: string;
  /** The part of the account's name in Beancount that stands for the username. */
  readonly part: string;
}

interface Context {
  server: PayServer;
  gail: Holder;
  yuki: Holder;
  omar: Holder;
}

type Balance = Readonly<Record<'amount' | 'currency', string>>;

const test = anyTest as TestFn<Context>;

async function holder(server: PayServer, username: string, part: string, currency: string): Promise<Holder> {
  return { ...(await registerInside(server, username, currency)), username, part };
}

async function act(person: Person, ...words: string[]): Promise<string> {
  const answer = (await person.json(...words)) as { id?: string };
  return answer.id ?? '';
}

test.before(async (t) => {
  const server = await startPayServer();
  t.context.server = server;
  const [gail, yuki, omar] = [
    await holder(server, 'gail', 'Gail', 'GBP'),
    await holder(server, 'Yuki.Y+1', 'Yuki-dot-Y-plus-1', 'JPY'),
    await holder(server, '2omar_', '2omar-underscore-', 'KWD'),
  ];
  const fare = await act(gail, 'send', yuki.username, '12.34', '--memo', 'fare; "both" ways\t→', '--yes');
  await act(yuki, 'send', omar.username, '0.951', 'KWD', '--memo', '=1+1\u200b', '--yes');
  await act(omar, 'send', gail.username, '7.001', '--memo', '2020-01-01, date:2020-01-01', '--yes');
  await act(yuki, 'refund', fare, '5.55', '--reason', 'short trip', '--yes');
  const asked = await act(yuki, 'request', omar.username, '700', 'JPY', '--memo', 'tea');
  await act(omar, 'requests', 'accept', asked, '--yes');
  Object.assign(t.context, { gail, yuki, omar });
});

test.after.always(async (t) => {
  await t.context.server?.stop();
});

const exported = async (person: Person, format: string) =>
  (await person.pay('history', '--format', format)).stdout;

for (const who of ['gail', 'yuki', 'omar'] as const) {
  test(`what ${who} exports comes to the balance`, async (t) => {
    const { [who]: person } = t.context;
    const { amount, currency } = (await person.json('balance')) as Balance;

    const journal = await exported(person, 'ledger');
    const account = `Assets:Pay:${person.username}`;
    t.is(readLedger(journal).sums.of(`${account} ${currency}`), millionths(amount));

    const beancount = await exported(person, 'beancount');
    const opened = `Assets:Pay:${person.part}`;
    t.is(readBeancount(beancount).sums.of(`${opened} ${currency}`), millionths(amount));

    const statement = readOfx(await exported(person, 'ofx'));
    t.is(statement.currency, currency);
    t.is(statement.sum, millionths(amount));
    t.is(statement.balance, millionths(amount));
  });

  testWith<Context>(...needsLedgers)(`the real programs load what ${who} exports`, async (t) => {
    t.timeout(120_000);
    const { [who]: person } = t.context;
    const { amount, currency } = (await person.json('balance')) as Balance;
    const balance = `${amount} ${currency}`;
    const account = `Assets:Pay:${person.username}`;
    await loadInLedgers(t, await exported(person, 'ledger'), { account, balance });
    const opened = `Assets:Pay:${person.part}`;
    await loadInBeancount(t, await exported(person, 'beancount'), { account: opened, balance });
  });
}

test('as JSON the whole history is one array, and as JSON lines one payment a line', async (t) => {
  const { yuki } = t.context;
  const all = (await yuki.json('history', '--all')) as PaymentJson[];
  t.deepEqual(
    all.map(({ kind }) => kind),
    ['request', 'refund', 'transfer', 'transfer', 'opening_credit'],
  );
  t.is(await exported(yuki, 'json'), (await yuki.pay('history', '--json')).stdout);
  const lines = (await exported(yuki, 'ndjson')).trimEnd().split('\n');
  t.deepEqual(
    lines.map((line) => JSON.parse(line)),
    all,
  );
  t.deepEqual(await yuki.json('history', '--format', 'json', '--search', 'nothing like it'), []);
  t.is((await yuki.pay('history', '--all')).stdout, (await yuki.pay('history')).stdout);
});

test('filters and a limit hold in every format', async (t) => {
  const { yuki } = t.context;
  const words = ['history', '--direction', 'received', '--limit', '1', '--format'];
  const run = async (format: string) => (await yuki.pay(...words, format)).stdout;
  t.is(readLedger(await run('ledger')).transactions, 1);
  t.is(readLedger(await run('ledger')).assertions, 0);
  t.is(readBeancount(await run('beancount')).transactions, 1);
  t.is(readOfx(await run('ofx')).transactions.length, 1);
  t.is((JSON.parse(await run('json')) as unknown[]).length, 1);
  t.is((await run('csv')).split('\r\n').length, 3);
});

test('declarations can be left out of the journals, and of nothing else', async (t) => {
  const { yuki } = t.context;
  const run = (format: string) => yuki.pay('history', '--no-declarations', '--format', format);
  t.notRegex((await run('ledger')).stdout, /^(?:account|commodity)/m);
  t.notRegex((await run('beancount')).stdout, /^\S+ open/m);
  for (const format of ['table', 'csv', 'ofx', 'json']) {
    const { status, stderr } = await run(format);
    t.is(status, 2);
    t.regex(stderr, /--no-declarations/);
  }
});

test('fields narrow and a filter filters: the array of json, each line of ndjson', async (t) => {
  const { yuki } = t.context;
  const history = (...words: string[]) => yuki.pay('history', ...words);
  t.is(
    (await history('--fields', 'kind,sent.currency', '--kind', 'refund')).stdout,
    '[{"kind":"refund","sent":{"currency":"JPY"}}]\n',
  );
  t.is((await history('--jq', 'length')).stdout, '5\n');
  t.is((await history('--format', 'json', '--jq', '.[0].kind')).stdout, 'request\n');
  t.is(
    (await history('--format', 'ndjson', '--jq', 'select(.kind == "transfer") | .memo')).stdout,
    '=1+1‹U+200B›\nfare; "both" ways\t→\n',
  );
  for (const format of ['csv', 'ledger', 'beancount', 'ofx']) {
    const { status, stdout, stderr } = await history('--format', format, '--json');
    t.is(status, 2);
    t.is(stdout, '');
    t.is((JSON.parse(stderr) as { code: string }).code, 'USAGE');
  }
});

const someLines = fixedHistory.map((payment) => `${JSON.stringify(payment)}\n`).join('');

const patienceMs = 3_000;

/** Runs a command on a server that breaks off once something of its answer was written, or nothing for a while. */
async function fromBroken(mediaType: string, beginning: string, format: string): Promise<Run> {
  const broken = await startBrokenServer(mediaType, beginning);
  const words = ['history', '--format', format, '--fingerprint', broken.fingerprint];
  const running = execa(process.execPath, [payProgram, ...words], {
    env: plainEnvironment(await makeFolder(), { PAY_SERVER: broken.url, PAY_TOKEN: 'pay_pat_x' }),
    extendEnv: false,
    reject: false,
  });
  const timer = setTimeout(broken.cut, patienceMs);
  running.stdout.once('data', broken.cut);
  try {
    const { exitCode, stdout, stderr } = await running;
    return { status: exitCode, stdout, stderr };
  } finally {
    clearTimeout(timer);
    await broken.stop();
  }
}

test('what breaks off in the middle ends with 6, says so, and shows that it has no end', async (t) => {
  for (const format of ['ledger', 'beancount']) {
    const { status, stdout } = await fromBroken('application/x-ndjson', `${someLines}{"id":"pay`, format);
    t.is(status, 6, format);
    t.is(stdout, '', 'what is written in the order of time begins with what comes last');
  }
  for (const format of ['json', 'ndjson']) {
    const { status, stdout, stderr } = await fromBroken(
      'application/x-ndjson',
      `${someLines}{"id":"pay`,
      format,
    );
    t.is(status, 6, format);
    t.regex(stderr, /broke off: the output is incomplete/);
    t.true(stdout.includes(fixedHistory.at(-1)?.id ?? '') && stdout.includes('kaori'), stdout);
    t.throws(() => JSON.parse(stdout));
    t.notRegex(stdout, /The end/);
  }
  const { status, stdout } = await fromBroken('text/csv', 'id,memo\r\npay_1,lunch\r\npay_2,"tea', 'csv');
  t.is(status, 6);
  t.false(stdout.includes('tea'));
});

test('a server that gives what no payment is can put nothing into an export', async (t) => {
  const [payment] = fixedHistory;
  for (const wrong of [
    { id: 'pay_1)\n2020-01-01 * x' },
    { createdAt: '2026-11-01T00:00:00Z\n' },
    { from: 'a\n  b' },
    { sent: { amount: '1 GBP\n', currency: 'GBP' } },
    { sent: { amount: '1', currency: 'GB"' } },
    { kind: 'a;b' },
  ]) {
    const { status, stdout } = await fromBroken(
      'application/x-ndjson',
      `${JSON.stringify({ ...payment, ...wrong })}\n`,
      'ledger',
    );
    t.is(status, 6, JSON.stringify(wrong));
    t.false(stdout.includes('Assets'));
  }
});

test('a reader that goes away is no error in any format', async (t) => {
  const { gail } = t.context;
  for (const format of ['json', 'csv', 'ledger', 'ofx']) {
    const child = spawn(process.execPath, [payProgram, 'history', '--format', format], {
      env: gail.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    const [status] = await once(child, 'exit');
    t.is(status, 0, `${format}: ${said}`);
  }
});
