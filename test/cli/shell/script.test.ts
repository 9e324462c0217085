import anyTest, { type TestFn } from 'ava';
import { type PayServer, startPayServer } from '../support/pay-server.js';
import { type Person, register, stranger } from '../support/person.js';
import { runPay } from '../support/run-pay.js';

const test = anyTest as TestFn<{ server: PayServer; alice: Person }>;

test.before(async (t) => {
  const server = await startPayServer();
  const alice = await register(server, 'alice', 'GBP');
  await register(server, 'bob', 'USD');
  t.context = { server, alice };
});

test.after.always(async (t) => {
  await t.context.server?.stop();
});

const run = ({ environment }: Person, script: string, ...words: string[]) =>
  runPay(['shell', ...words], environment, script);
const balance = async ({ alice }: { alice: Person }) => (await alice.pay('balance')).stdout;

test.serial(
  'a script runs without a prompt, quoted as in a shell, and writes what the commands write',
  async (t) => {
    const { alice } = t.context;
    const script = `# the rent
balance
  pay send bob 1 --yes --memo 'first
second' --json --fields memo   # two lines
send bob 2 --yes --memo "日本 \\"🏠\\"" --jq .memo
exit
balance
`;
    const { status, stdout, stderr } = await run(alice, script);
    t.is(status, 0, stderr);
    t.deepEqual(stdout.split('\n'), ['1000.00\tGBP', '{"memo":"first\\nsecond"}', '日本 "🏠"', '']);
    t.false(stderr.includes('›'));
    t.is(await balance(t.context), '997.00\tGBP\n');
  },
);

test.serial('it stops at the first failure, with its status and the line named', async (t) => {
  const { alice } = t.context;
  const before = await balance(t.context);
  const { status, stderr, stdout } = await run(alice, `balance\n\nshow pay_nothing\nsend bob 5 --yes\n`);
  t.is(status, 3);
  t.regex(stderr, /^✗ line 3: /m);
  t.is(stdout, before);
  t.is(await balance(t.context), before);
});

test.serial('with --keep-going it goes on, and ends with the status of the first failure', async (t) => {
  const { alice } = t.context;
  const script = 'show pay_nothing\nsend bob\nfrobnicate\nbalance\n';
  const { status, stderr, stdout } = await run(alice, script, '--keep-going');
  t.is(status, 3);
  t.regex(
    stderr,
    /^✗ line 1: [\s\S]*^✗ line 2: [\s\S]*^✗ line 3: [\s\S]*^✗ 3 of 4 commands failed, the first on line 1\.$/m,
  );
  t.is(stdout, await balance(t.context));
});

test.serial('--json given to the shell holds for every command, errors included', async (t) => {
  const { alice } = t.context;
  const { status, stderr, stdout } = await run(
    alice,
    'balance\nbalance\nrequests show req_nothing\n',
    '--json',
  );
  t.is(status, 3);
  t.deepEqual(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => Object.keys(JSON.parse(line))),
    [
      ['amount', 'currency'],
      ['amount', 'currency'],
    ],
  );
  t.is((JSON.parse(stderr) as { line: number }).line, 3);
});

test.serial('nobody is asked, and a quote that is not closed is named with its line', async (t) => {
  const { alice } = t.context;
  const before = await balance(t.context);
  const asked = await run(alice, 'send bob 5\n');
  t.is(asked.status, 2);
  t.regex(asked.stderr, /line 1: There is no terminal to ask on, and --yes is missing/);
  const password = await run(alice, 'login alice --password-stdin\nmaple-7-otter\n');
  t.is(password.status, 2);
  const open = await run(alice, `balance\nsend bob 5 --yes --memo "oops\nbalance\n`);
  t.is(open.status, 2);
  t.regex(open.stderr, /line 2: It opens a quote \("\) that is never closed/);
  t.is(await balance(t.context), before);
});

test.serial('a command that has no end is refused, on one line or on many', async (t) => {
  const { alice } = t.context;
  for (const script of [
    `balance\n${'x'.repeat(1_000_000)}`,
    `balance\n"${`${'x'.repeat(1_000)}\n`.repeat(1_000)}`,
  ]) {
    const { status, stdout, stderr } = await run(alice, script);
    t.is(status, 2, stderr);
    t.is(stderr, '✗ line 2: It is longer than 65536 characters.\n');
    t.is(stdout, await balance(t.context));
  }
});

test.serial('a shell in a shell is refused, and the flags of the shell reach its commands', async (t) => {
  const { alice, server } = t.context;
  t.is((await run(alice, 'shell\n')).status, 2);
  t.is((await run(alice, 'completion bash\n')).status, 2);
  const dave = await stranger();
  const words = ['--server', server.url, '--fingerprint', server.fingerprint];
  const { status, stdout, stderr } = await run(
    dave,
    'rates --json --fields code\nrates --server https://127.0.0.1:1\n',
    ...words,
  );
  t.is(status, 6, stderr);
  t.regex(stdout, /"GBP"/);
});

test.serial('an empty script is no failure', async (t) => {
  t.deepEqual(await run(t.context.alice, ''), { status: 0, stdout: '', stderr: '' });
});
