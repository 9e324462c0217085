import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { makeFolder, payProgram, plainEnvironment, type Run, runPay } from './support/run-pay.js';

// An address at which nothing listens: the discard port.
const nowhere = 'https://127.0.0.1:9';

async function pay(...words: string[]): Promise<Run> {
  return await runPay(words, plainEnvironment(await makeFolder(), { PAY_SERVER: nowhere }));
}

test('the version is one line', async (t) => {
  for (const words of [['--version'], ['-V'], ['--json', '--version']]) {
    const { status, stdout } = await pay(...words);
    t.is(status, 0);
    t.regex(stdout, /^\d+\.\d+\.\d+\n$/);
  }
});

test('help begins with what the command is for and examples, on stdout', async (t) => {
  for (const words of [['--help'], [], ['help']]) {
    const { status, stdout, stderr } = await pay(...words);
    t.is(status, 0);
    t.is(stderr, '');
    t.regex(stdout, /^Pay people, from the command line\.\n\nExamples:\n {2}pay register/);
  }
  const send = await pay('send', '--help');
  t.regex(send.stdout, /^Pay somebody\.\n\nExamples:\n {2}pay send bob 10 --memo lunch/);
  t.is((await pay('help', 'send')).stdout, send.stdout);
});

test('the help topics say every exit status and variable', async (t) => {
  const { stdout } = await pay('help', 'exit-codes');
  for (const status of [0, 1, 2, 3, 4, 5, 6, 7, 130]) {
    t.regex(stdout, new RegExp(`^ +${status} {2}\\S`, 'm'));
  }
  const environment = await pay('help', 'environment');
  t.regex(environment.stdout, /PAY_TOKEN/);
  t.is((await pay('help', 'nonsense')).status, 2);
});

test('help leads to commands below others, and a mistyped word to the nearest', async (t) => {
  t.is((await pay('help', 'requests', 'accept')).stdout, (await pay('requests', 'accept', '--help')).stdout);
  t.is((await pay('help', 'send', '--json', '--help')).stdout, (await pay('send', '--help')).stdout);
  const whole = (await pay('--help')).stdout;
  for (const words of [
    ['help', 'help'],
    ['help', '--help'],
    ['help', '-h'],
    ['help', '--no-color'],
  ]) {
    const { status, stdout } = await pay(...words);
    t.is(status, 0, words.join(' '));
    t.is(stdout, whole, words.join(' '));
  }
  for (const [words, meant] of [
    [['help', 'hel'], 'help'],
    [['help', 'snd', '--json'], 'send'],
    [['help', 'exit-code'], 'exit-codes'],
    [['help', 'sned'], 'send'],
    [['help', 'requests', 'acept'], 'accept'],
    [['requests', 'acept'], 'accept'],
    [['tokens', 'creat'], 'create'],
    [['send', '--mem', 'x'], '--memo'],
    [['--jsn', 'balance'], '--json'],
  ] as const) {
    const { status, stdout, stderr } = await pay(...words);
    t.is(status, 2, words.join(' '));
    t.is(stdout, '');
    t.true(stderr.includes(`Did you mean ${meant}?`), stderr);
  }
});

test('whose token PAY_TOKEN is, only the server knows; the rest is said without it', async (t) => {
  const environment = plainEnvironment(await makeFolder(), {
    PAY_SERVER: nowhere,
    PAY_TOKEN: 'pay_pat_none',
  });
  const { status, stdout, stderr } = await runPay(['whoami'], environment);
  t.is(status, 0);
  t.is(stdout, `server\t${nowhere}\nby\tthe token in PAY_TOKEN\n`);
  t.regex(stderr, /nothing listens there/);
});

test('a mistyped command is usage, and the right one is offered', async (t) => {
  const { status, stdout, stderr } = await pay('blance');
  t.is(status, 2);
  t.is(stdout, '');
  t.regex(stderr, /Did you mean balance\?/);
});

test('unknown flags, too many words and missing values are usage', async (t) => {
  for (const words of [
    ['balance', '--bogus'],
    ['balance', 'extra'],
    ['send', '--memo'],
    ['tokens', 'bogus'],
    ['requests', 'acept'],
    ['requests', 'accept', 'one', 'two'],
    ['webhooks', 'bogus'],
  ]) {
    const { status, stderr } = await pay(...words);
    t.is(status, 2, words.join(' '));
    t.regex(stderr, /^✗ /);
    t.notRegex(stderr, /\n\s+at /);
  }
});

test('plain http and malformed addresses are refused as usage', async (t) => {
  for (const server of ['http://127.0.0.1:8443', 'ftp://x', 'https://x/y']) {
    t.is((await pay('rates', '--server', server)).status, 2, server);
  }
});

test('a server that cannot be reached ends with 6 and says that nothing happened', async (t) => {
  const { status, stdout, stderr } = await pay('rates');
  t.is(status, 6);
  t.is(stdout, '');
  t.regex(stderr, /nothing listens there\. Nothing happened\./);
});

test('an error with --json is one JSON problem on stderr', async (t) => {
  const { stdout, stderr } = await pay('rates', '--json');
  t.is(stdout, '');
  const problem = JSON.parse(stderr) as Record<string, unknown>;
  t.is(problem.code, 'UNREACHABLE');
  t.is(typeof problem.detail, 'string');
});

test('who is not logged in is told how, with status 4', async (t) => {
  for (const words of [['balance'], ['whoami'], ['logout'], ['home'], ['send', 'bob', '10', '--yes']]) {
    const { status, stderr } = await pay(...words);
    t.is(status, 4, words.join(' '));
    t.regex(stderr, /Nobody is logged in/);
  }
});

test('without a terminal everything that is missing is named at once', async (t) => {
  const login = await pay('login');
  t.is(login.status, 2);
  t.regex(login.stderr, /--username and --password-stdin/);
  const register = await pay('register', 'alice');
  t.is(register.status, 2);
  t.regex(register.stderr, /--email, --currency,? and --password-stdin/);
  t.is((await pay('convert', '10')).status, 2);
  t.is((await pay('show')).status, 2);
});

test('a password on stdin must be there', async (t) => {
  t.is((await pay('login', 'alice', '--password-stdin')).status, 2);
});

test('a damaged config file is a message, not a stack trace', async (t) => {
  const folder = await makeFolder();
  await writeFile(join(folder, 'config.json'), '{');
  const { status, stderr } = await runPay(['whoami'], plainEnvironment(folder));
  t.is(status, 2);
  t.regex(stderr, /config\.json is damaged/);
  t.notRegex(stderr, /\n\s+at /);
});

test('whoami works without the network, and profiles are listed, used and removed', async (t) => {
  const folder = await makeFolder();
  await mkdir(folder, { recursive: true });
  const session = { credentialId: 'x', store: 'file', expiresAt: '2030-01-01T00:00:00.000000Z' };
  const profiles = {
    alice: { server: nowhere, username: 'alice', currency: 'GBP', session },
    work: { server: 'https://work.example', username: 'al', currency: 'USD' },
  };
  await writeFile(join(folder, 'config.json'), JSON.stringify({ current: 'alice', profiles, pins: {} }));
  const environment = plainEnvironment(folder);
  const whoami = await runPay(['whoami', '--json'], environment);
  t.deepEqual(JSON.parse(whoami.stdout), {
    username: 'alice',
    server: nowhere,
    currency: 'GBP',
    profile: 'alice',
    expiresAt: session.expiresAt,
  });
  t.is(
    (await runPay(['whoami', '--json', '--fields', 'username'], environment)).stdout,
    '{"username":"alice"}\n',
  );
  t.is((await runPay(['profiles', 'use', 'nobody'], environment)).status, 3);
  t.is((await runPay(['profiles', 'use', 'work'], environment)).status, 0);
  t.is((await runPay(['whoami'], environment)).status, 4);
  t.is((await runPay(['whoami', '--profile', 'alice'], environment)).status, 0);
  t.is((await runPay(['profiles', 'remove', 'work'], environment)).status, 0);
  const { stdout } = await runPay(['profiles', 'list'], environment);
  t.is(stdout, `alice\talice\t${nowhere}\t\tlogged in\n`);
  const nobody = await runPay(['balance'], environment);
  t.is(nobody.status, 4);
  t.regex(nobody.stderr, /→ There is alice, not in use now: pay profiles use alice\n/);
  const elsewhere = await runPay(['balance', '--server', 'https://127.0.0.1:10'], environment);
  t.false(elsewhere.stderr.includes('pay profiles'), elsewhere.stderr);
});

test('output that cannot be written is an error, and a reader that goes away is none', async (t) => {
  const environment = plainEnvironment(await makeFolder());
  const command = (target: string) => `"$0" "$1" help exit-codes ${target}; echo "status $?" >&2`;
  const run = async (target: string) =>
    (
      await execa('sh', ['-c', command(target), process.execPath, payProgram], {
        env: environment,
        extendEnv: false,
        reject: false,
      })
    ).stderr;
  t.regex(await run('> /dev/full'), /cannot be written[\s\S]*status 6/);
  t.is(await run('| true'), 'status 0');
});
