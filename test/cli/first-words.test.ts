import { cp } from 'node:fs/promises';
import anyTest, { type TestFn } from 'ava';
import { type PayServer, startPayServer } from './support/pay-server.js';
import { type Person, password, registerInside, stranger } from './support/person.js';
import { runPayInside } from './support/run-pay-inside.js';
import { runInTerminal } from './support/terminal.js';

const test = anyTest as TestFn<{ server: PayServer; alice: Person; bob: Person }>;

test.before(async (t) => {
  const server = await startPayServer();
  const alice = await registerInside(server, 'alice', 'GBP');
  t.context = { server, alice, bob: await registerInside(server, 'bob', 'USD') };
});

test.after.always(async (t) => {
  await t.context.server?.stop();
});

test('what other programs call a command leads to ours', async (t) => {
  const { pay } = await stranger();
  for (const [words, meant] of [
    [['transfer', 'bob', '10'], 'Did you mean send?'],
    [['pay', 'bob', '10'], 'Did you mean send?'],
    [['ls'], 'Did you mean history?'],
    [['signup'], 'Did you mean register?'],
    [['transactions'], 'Did you mean history?'],
    [['help', 'transactions'], 'Did you mean history?'],
    [['version'], 'Did you mean --version?'],
    [['-v'], 'The version: pay --version'],
    [['login', 'alice', '--password', 'x'], 'scripts write it to stdin: --password-stdin'],
    [['histroy'], 'Did you mean history?'],
    [['auth', 'login'], 'Did you mean login?'],
    [['receipt'], 'Did you mean show --format html?'],
    [['bal'], 'Did you mean balance?'],
    [['notif'], 'Did you mean notifications?'],
    [['hlep'], 'Did you mean help?'],
  ] as const) {
    const { status, stderr } = await pay(...words);
    t.is(status, 2);
    t.true(stderr.includes(meant), stderr);
  }
});

test('a flag that the command does not have leads to the one that was meant, and to the help of the command', async (t) => {
  const { pay } = await stranger();
  for (const [words, hints] of [
    [['admin', 'freeze', '--foo'], ['See: pay admin freeze --help']],
    [['admin', '--foo', 'freeze'], ['See: pay admin --help']],
    [
      ['tokens', 'create', '--exp', '3'],
      ['Did you mean --expires?', 'See: pay tokens create --help'],
    ],
    [
      ['requests', 'accept', '--mx=3'],
      ['Did you mean --max?', 'See: pay requests accept --help'],
    ],
    [['collections', 'show', '-x'], ['See: pay collections show --help']],
    [
      ['balance', '--prof', 'x'],
      ['Did you mean --profile?', 'See: pay balance --help'],
    ],
  ] as const) {
    const { status, stderr } = await pay(...words);
    t.is(status, 2);
    t.deepEqual(
      stderr.split('\n').slice(1, -1),
      hints.map((hint) => `  → ${hint}`),
      stderr,
    );
  }
});

test('a profile that is not there is said so, with those that are', async (t) => {
  const { alice } = t.context;
  for (const words of [['balance'], ['whoami'], ['logout'], ['send', 'bob', '1', '--yes']]) {
    const { status, stderr } = await alice.pay(...words, '--profile', 'alcie');
    t.is(status, 3, words.join(' '));
    t.is(stderr, '✗ There is no profile alcie.\n  → There is alice: pay profiles list\n');
  }
  const { status, stderr } = await (await stranger()).pay('balance', '--profile', 'alcie');
  t.is(status, 3);
  t.regex(stderr, /There is no profile alcie\.\n {2}→ Log in: pay login/);
});

test('the hint to log in holds the profile and the server that the command was for', async (t) => {
  const both = await twoProfiles(t.context.server);
  const { PAY_SERVER: server = '', ...environment } = both.environment;
  const named = ['--profile', 'p_alice'];
  const login = /→ Log in: pay login alice --profile p_alice\n/;
  const folder = await stranger();
  const copied = { ...environment, PAY_CONFIG_DIR: folder.folder };
  await cp(both.folder, folder.folder, { recursive: true });
  t.is((await runPayInside(['logout', ...named], environment)).status, 0);
  for (const from of [environment, copied]) {
    const { status, stderr } = await runPayInside(['balance', ...named], from);
    t.is(status, 4);
    t.regex(stderr, login);
  }
  const { stderr } = await (await stranger({ PAY_SERVER: 'https://127.0.0.1:9' })).pay(
    'balance',
    '--server',
    server,
  );
  t.true(stderr.includes(`→ Log in: pay login --server ${server}\n`), stderr);
  t.true(stderr.includes(`→ Or make an account: pay register --server ${server}\n`), stderr);
  const again = await runPayInside(['login', 'alice', ...named, '--password-stdin'], environment, password);
  t.regex(again.stdout, /alice/);
});

test('what to type next keeps the profile and the server that the command was for', async (t) => {
  const { server } = t.context;
  const { pay } = await twoProfiles(server);
  for (const [words, hint] of [
    [['webhooks', 'remove', 'whk_0000000099'], 'Look it up: pay webhooks list'],
    [['show', 'pay_0000000099'], 'Look it up: pay history'],
    [['webhooks', 'deliveries', 'whk_0000000099'], 'See: pay webhooks list'],
  ] as const) {
    const { status, stderr } = await pay(...words, '--profile', 'p_alice');
    t.is(status, 3);
    t.true(stderr.endsWith(`→ ${hint} --profile p_alice\n`), stderr);
    t.true((await pay(...words)).stderr.endsWith(`→ ${hint}\n`));
    const there = await pay(...words, '--server', server.url, '--json');
    t.deepEqual(JSON.parse(there.stderr).next, [`${hint} --server ${server.url}`]);
  }
});

test('a token that is refused is blamed on the variable that it came from', async (t) => {
  const { environment } = t.context.alice;
  const { status, stderr } = await runPayInside(['balance'], { ...environment, PAY_TOKEN: 'pay_pat_wrong' });
  t.is(status, 4);
  t.regex(stderr, /The token in PAY_TOKEN is not valid/);
  t.regex(stderr, /unset PAY_TOKEN/);
  t.notRegex(stderr, /pay login/);
});

test('a token that may not do something leads out of it, and not to what it may not do either', async (t) => {
  const { alice } = t.context;
  const { token } = (await alice.json('tokens', 'create', '--name', 'reader')) as { token: string };
  for (const words of [
    ['send', 'bob', '1', '--yes'],
    ['tokens', 'list'],
  ]) {
    const { status, stderr } = await runPayInside(words, { ...alice.environment, PAY_TOKEN: token });
    t.is(status, 5, stderr);
    t.regex(stderr, /\n {2}→ Use your session instead: unset PAY_TOKEN\n/);
    t.notRegex(stderr, /tokens list/);
  }
});

test('whoever logs in while PAY_TOKEN says who acts is told so', async (t) => {
  const { environment } = t.context.bob;
  const words = ['login', 'bob', '--password-stdin'];
  const said = 'PAY_TOKEN is set and goes on saying who acts here. To act as bob: unset PAY_TOKEN\n';
  const { status, stderr } = await runPayInside(words, { ...environment, PAY_TOKEN: 'x' }, password);
  t.is(status, 0, stderr);
  t.true(stderr.includes(said), stderr);
  t.notRegex((await runPayInside(words, environment, password)).stderr, /PAY_TOKEN/);
});

test('a mistyped user is told with the contact that was likely meant', async (t) => {
  const { alice } = t.context;
  t.is((await alice.pay('send', 'bob', '1', '--memo', 'hello', '--yes')).status, 0);
  const { status, stderr } = await alice.pay('send', 'bbo', '1', '--yes');
  t.is(status, 3);
  t.regex(stderr, /→ Did you mean bob\?/);
  t.notRegex((await alice.pay('send', 'somebody', '1', '--yes')).stderr, /Did you mean/);
});

async function twoProfiles(
  server: PayServer,
  names: readonly [string, string] = ['alice', 'bob'],
): Promise<Person> {
  const both = await stranger({ PAY_SERVER: server.url });
  for (const name of names) {
    const words = ['login', name, '--profile', `p_${name}`, '--password-stdin'];
    const run = await runPayInside(
      [...words, '--fingerprint', server.fingerprint],
      both.environment,
      `${password}\n`,
    );
    must(run.status === 0, run.stderr);
  }
  return both;
}

function must(isSo: boolean, text: string): void {
  if (!isSo) {
    throw new Error(text);
  }
}

test('profiles use brings a profile into use, or is refused and changes nothing', async (t) => {
  const both = await twoProfiles(t.context.server);
  t.is((await both.pay('profiles', 'use', 'p_alice')).status, 0);
  t.like(await both.json('whoami'), { username: 'alice' });
  const held = [
    [{ PAY_PROFILE: 'p_alice' }, [], /PAY_PROFILE says who acts here[\s\S]*unset PAY_PROFILE/],
    [{ PAY_TOKEN: 'x' }, [], /PAY_TOKEN says who acts here[\s\S]*unset PAY_TOKEN/],
    [{}, ['--profile', 'p_alice'], /--profile says who acts here/],
    [{ PAY_SERVER: 'https://127.0.0.1:9' }, [], /PAY_SERVER says who acts here/],
  ] as const;
  for (const [more, flags, reason] of held) {
    const words = ['profiles', 'use', 'p_bob', ...flags];
    const { status, stderr } = await runPayInside(words, { ...both.environment, ...more });
    t.is(status, 2);
    t.regex(stderr, reason);
    t.like(await both.json('whoami'), { username: 'alice' });
  }
  const script = await runPayInside(
    ['shell', '--profile', 'p_bob', '--keep-going'],
    both.environment,
    'profiles use p_alice\nwhoami --fields username\n',
  );
  t.is(script.status, 2);
  t.regex(script.stdout, /"bob"/);
});

test('profiles use and remove without a name let one choose from those there are', async (t) => {
  const { server } = t.context;
  const { environment, json, pay } = await twoProfiles(server);
  const bothOf = new RegExp(
    `p_alice · alice on ${server.url}\\s+p_bob · bob on ${server.url}, the current one\\s`,
  );
  const down = '\u001b[B';
  const using = runInTerminal(['profiles', 'use'], environment);
  await using.sees('Which one to use?');
  await using.sees(bothOf);
  using.type('\r');
  t.is(await using.ended, 0);
  t.regex(using.text(), /Now alice on /);
  const removing = runInTerminal(['profiles', 'remove'], environment);
  await removing.sees('Which one to remove?');
  removing.type(`${down}\r`);
  t.is(await removing.ended, 0);
  t.regex(removing.text(), /The profile p_bob is removed\./);
  t.like(await json('profiles'), { length: 1, 0: { name: 'p_alice', current: true } });
  t.is((await pay('profiles', 'remove', 'p_alice')).status, 0);
  for (const verb of ['use', 'remove']) {
    const { status, stderr } = await pay('profiles', verb);
    t.is(status, 2);
    t.regex(stderr, /<name> is missing/);
    const none = runInTerminal(['profiles', verb], environment);
    t.is(await none.ended, 3);
    t.regex(none.text(), /✗ There are no profiles yet\.\s+→ Log in: pay login\s/);
  }
});

test('the flag --profile says who pays, whatever token is in the environment', async (t) => {
  const both = await twoProfiles(t.context.server);
  const made = await both.json(
    'tokens',
    'create',
    '--name',
    'till',
    '--scopes',
    'read',
    '--profile',
    'p_alice',
  );
  const withToken = { ...both.environment, PAY_TOKEN: (made as { token: string }).token };
  const who = async (...flags: string[]) => {
    const { stdout } = await runPayInside(['whoami', '--json', ...flags], withToken);
    return JSON.parse(stdout).username;
  };
  t.is(await who(), 'alice');
  t.is(await who('--profile', 'p_bob'), 'bob');
  const sent = ['send', 'alice', '0.02', '--yes', '--json', '--profile', 'p_bob'];
  t.is(JSON.parse((await runPayInside(sent, withToken)).stdout).from, 'bob');
  // A session that has ended is not taken for a token that is wrong.
  await runPayInside(['logout', '--profile', 'p_bob'], both.environment);
  const { status, stderr } = await runPayInside(['balance', '--profile', 'p_bob'], withToken);
  t.is(status, 4);
  t.notRegex(stderr, /PAY_TOKEN/);
});

test('a server with several profiles, none of them current, must be told whose money goes', async (t) => {
  const { server } = t.context;
  // Nobody else pays these two, so that their balances tell.
  await registerInside(server, 'erin', 'GBP');
  await registerInside(server, 'frank', 'USD');
  const both = await twoProfiles(server, ['erin', 'frank']);
  const login = (name: string, profile: string) => {
    const words = ['login', name, '--profile', profile, '--password-stdin'];
    return runPayInside(words, both.environment, `${password}\n`);
  };
  const balances = () =>
    Promise.all(['p_erin', 'p_frank'].map((name) => both.json('balance', '--profile', name)));
  t.is((await login('frank', 'p_third')).status, 0);
  t.is((await both.pay('profiles', 'remove', 'p_third')).status, 0);
  const before = await balances();
  for (const words of [['send', 'frank', '1', '--yes'], ['balance'], ['whoami'], ['logout']]) {
    const { status, stdout, stderr } = await both.pay(...words, '--server', server.url);
    t.is(status, 2, words.join(' '));
    t.is(stdout, '');
    t.is(
      stderr,
      `✗ On ${server.url} there are p_erin and p_frank, and it is not said which one acts. Nothing was done.
  → Name one: --profile <name>
  → Or make one the current one: pay profiles use <name>
`,
    );
  }
  t.deepEqual(await balances(), before);
  // What needs no account, or names its own, goes on.
  t.is((await both.pay('rates', '--server', server.url)).status, 0);
  t.is((await login('frank', 'p_third')).status, 0);
  t.like(await both.json('whoami', '--server', server.url), { profile: 'p_third' });
});

test('nobody logs in or registers into the profile of another', async (t) => {
  const both = await twoProfiles(t.context.server);
  const attempts = [
    ['login', 'bob', '--profile', 'p_alice', '--password-stdin'],
    [
      ...['register', 'zed', '--email', 'zed@example.org', '--currency', 'GBP'],
      ...['--profile', 'p_alice', '--password-stdin'],
    ],
  ];
  for (const words of attempts) {
    const { status, stderr } = await runPayInside(words, both.environment, `${password}\n`);
    t.is(status, 2);
    t.regex(stderr, /profile p_alice is that of alice on .*Nothing was done for (?:bob|zed)/);
    t.regex(stderr, /pay profiles remove p_alice/);
  }
  t.like(await both.json('whoami', '--profile', 'p_alice'), { username: 'alice' });
  // Nor was the account made: its name is still to be had.
  const again = ['register', 'zed', '--email', 'zed@example.org', '--currency', 'GBP', '--password-stdin'];
  t.is((await runPayInside(again, both.environment, `${password}\n`)).status, 0);
  const same = ['login', 'ALICE', '--profile', 'p_alice', '--password-stdin'];
  t.is((await runPayInside(same, both.environment, `${password}\n`)).status, 0);
});

test('the confirmation names whose money it is: the profile, and the server where there are several', async (t) => {
  const both = await twoProfiles(t.context.server);
  const other = await startPayServer();
  try {
    const words = [
      'register',
      'carol',
      '--email',
      'carol@example.org',
      '--currency',
      'EUR',
      '--password-stdin',
    ];
    const elsewhere = { ...both.environment, PAY_SERVER: other.url };
    const made = await runPayInside(
      [...words, '--fingerprint', other.fingerprint],
      elsewhere,
      `${password}\n`,
    );
    t.is(made.status, 0, made.stderr);
    const { PAY_SERVER: _server, ...environment } = both.environment;
    const run = runInTerminal(['send', 'bob', '3', '--profile', 'p_alice'], environment);
    await run.sees(
      new RegExp(`from +alice \\(profile p_alice\\) on ${t.context.server.url}\r\n +you pay +3\\.00 GBP`),
    );
    await run.sees('(y/N)');
    run.type('\u0003');
    t.is(await run.ended, 130);
  } finally {
    await other.stop();
  }
});
