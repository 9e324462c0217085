import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { runInTerminal } from '../cli/support/terminal.js';
import { payServer } from '../db/support/processes.js';
import { makeClient } from '../faults/support/client.js';
import { startLoad } from '../faults/support/load.js';
import { makeFolder, startServer } from '../faults/support/server.js';
import { auditBooks } from '../ledger/support/audit.js';
import { makeDataFolder } from '../support/first-start.js';
import { runPayServer, runPayServerInside } from './support/run-pay-server.js';
import { readTables } from './support/tables.js';

const password = 'maple-7-otter-ladder';

const createArgs = (data: string, username: string, ...more: string[]) => [
  ...['admin', 'create', '--data', data, '--username', username, '--email', `${username}@example.org`],
  ...['--password-stdin', '--time-port', '0', ...more],
];

test('the first administrator is made before any server has run, with a wallet like anyone’s', async (t) => {
  const data = join(await makeFolder(t), 'deep', 'data');
  const made = await runPayServer(t, createArgs(data, 'root', '--currency', 'JPY'), `${password}\n`);
  t.is(made.status, 0, made.stderr);
  t.is(made.stdout.split('.')[0], 'The administrator root is made and holds 190350 JPY');
  t.is((await stat(data)).mode & 0o777, 0o700);
  for (const name of await readdir(data)) {
    t.is((await stat(join(data, name))).mode & 0o777, 0o600, name);
  }
  const tables = await readTables(data);
  t.deepEqual(auditBooks(tables), []);
  t.deepEqual(
    tables.users.map(({ username, role }) => [username, role]),
    [['root', 'admin']],
  );
  t.deepEqual(
    tables.payments.map(({ chain, kind }) => [chain, kind]),
    [[2, 'opening_credit']],
  );
  t.false((await readFile(join(data, 'pay.db'))).includes(password));

  const server = await startServer(t, data);
  const client = await makeClient(t, server);
  const login = await client.ask('POST', '/v1/sessions', { body: { username: 'root', password } });
  t.is(login.status, 201, login.text);
  t.is(JSON.parse(login.text).user.role, 'admin');
  t.is(await server.stop(), 0);
});

test('beside a server under load an administrator is made, and the server’s own chain goes on', async (t) => {
  const data = await makeDataFolder(t);
  const time = ['--time-port', '0'];
  const server = await startServer(t, data);
  const client = await makeClient(t, server);
  const users = await Promise.all(['alice', 'bob', 'carol'].map((name) => client.register(name)));
  const load = startLoad(client, users, 6);
  await load.answered(20);
  const before = load.attempts.length;
  const made = await Promise.all(
    ['root', 'backup-root'].map((name) => runPayServer(t, createArgs(data, name, ...time), password)),
  );
  t.deepEqual(
    made.map(({ status, stderr }) => [status, stderr]),
    [
      [0, ''],
      [0, ''],
    ],
  );
  const login = await client.ask('POST', '/v1/sessions', { body: { username: 'root', password } });
  t.is(login.status, 201);
  await load.answered(before + 50);
  const attempts = await load.finish();
  t.deepEqual(
    attempts.filter(({ reply }) => reply?.status !== 201 && reply?.status !== 409),
    [],
  );
  // By chance one of them may have nothing left.
  const given = await Promise.all(users.map((user) => client.pay(user, { username: 'root' } as never, '10')));
  const arrived = given.filter(({ status }) => status === 201).length;
  t.true(arrived > 0);
  t.is(await server.stop(), 0);

  const tables = await readTables(data);
  t.deepEqual(auditBooks(tables), []);
  t.is(tables.payments.filter(({ chain }) => chain === 2).length, 2);
  const transfers = tables.payments.filter(({ kind }) => kind === 'transfer');
  t.is(transfers.length, attempts.filter(({ reply }) => reply?.status === 201).length + arrived);
  t.true(transfers.every(({ chain }) => chain === 1));
});

test('beside a server an administrator is given what that server gives, unless it is said otherwise', async (t) => {
  const data = await makeDataFolder(t);
  const server = await startServer(t, data, { environment: { PAY_OPENING_CREDIT: 'none' } });
  const given = (name: string, ...more: string[]) =>
    runPayServerInside(createArgs(data, name, ...more), { input: password });
  t.regex((await given('root')).stdout, /is made and holds 0\.00 GBP/);
  t.regex((await given('other', '--opening-credit', '5 EUR')).stdout, /is made and holds 5\.00 EUR/);
  // Its port is a free one, at which the command line would not look.
  const { stdout } = await given('third');
  t.true(stdout.endsWith(` Log in: pay login third --server ${server.url}\n`), stdout);
  t.is(await server.stop(), 0);
});

test('many at once with the same name make one', async (t) => {
  const data = join(await makeFolder(t), 'data');
  const emails = Array.from({ length: 4 }, (_, place) => `root-${place}@example.org`);
  const ran = await Promise.all(
    emails.map((email) => runPayServer(t, createArgs(data, 'root', '--email', email), password)),
  );
  t.deepEqual(ran.map(({ status }) => status).sort(), [0, 1, 1, 1]);
  for (const { status, stdout, stderr } of ran.filter((one) => one.status !== 0)) {
    t.regex(stderr, /^pay-server: The username root is in use\. .*\(USERNAME_TAKEN\)/, String(status));
    t.is(stdout, '');
  }
  const tables = await readTables(data);
  t.is(tables.users.length, 1);
  t.deepEqual(auditBooks(tables), []);
});

test('what is wrong is refused by name, with nothing made', async (t) => {
  const data = join(await makeFolder(t), 'data');
  const refused: readonly (readonly [number, RegExp, readonly string[], string])[] = [
    [1, /entirely numeric/, createArgs(data, 'root'), '1234567890'],
    [1, /too close to the username/, createArgs(data, 'rootrootroot'), 'rootrootroot'],
    [2, /--password-stdin: stdin does not hold the password/, createArgs(data, 'root'), ''],
    [
      2,
      /--currency: is XXX, which is not a currency/,
      createArgs(data, 'root', '--currency', 'XXX'),
      password,
    ],
    [2, /--username: must be 1 to 100/, createArgs(data, 'ro ot', '--email', 'a@example.org'), password],
    [2, /--email: must be an email/, createArgs(data, 'root', '--email', 'nowhere'), password],
    [2, /no terminal .* --username, --email, and --password-stdin are missing/, ['admin', 'create'], ''],
    [2, /has none to read/, createArgs(data, 'root', '--one-time-password'), password],
    [2, /unknown option '--password'/, ['admin', 'create', '--password', password], ''],
    [2, /PAY_PORT|--time-port/, createArgs(data, 'root', '--time-port', 'x'), password],
  ];
  for (const [status, message, args, input] of refused) {
    const ran = await runPayServerInside(args, { input });
    t.is(ran.status, status, ran.stderr);
    t.regex(ran.stderr, message);
    t.false(ran.stderr.includes(password) && !args.includes(password));
  }
  await t.throwsAsync(stat(data), { code: 'ENOENT' });
});

test('a one-time password goes alone to stdout, and is good for choosing another', async (t) => {
  const data = await makeFolder(t);
  const flags = createArgs(data, 'root').filter((word) => word !== '--password-stdin');
  const made = await runPayServerInside([...flags, '--one-time-password']);
  t.is(made.status, 0, made.stderr);
  t.regex(made.stdout, /^(?:[a-z2-9]{4}-){3}[a-z2-9]{4}\n$/);
  t.regex(made.stderr, /The administrator root is made/);
  const client = await makeClient(t, await startServer(t, data));
  const oneTime = made.stdout.trim();
  const login = await client.ask('POST', '/v1/sessions', { body: { username: 'root', password: oneTime } });
  t.is(login.status, 201, login.text);
  const { token } = JSON.parse(login.text);
  const early = await client.ask('GET', '/v1/admin/users', { token });
  t.is(JSON.parse(early.text).code, 'PASSWORD_CHANGE_REQUIRED');
  const body = { currentPassword: oneTime, newPassword: password };
  const changed = await client.ask('POST', '/v1/me/password', { token, body });
  t.is(changed.status, 204, changed.text);
});

test('on a terminal it asks for what is missing, the password twice and unseen', async (t) => {
  const data = join(await makeFolder(t), 'data');
  const words = ['admin', 'create', '--data', data, '--time-port', '0'];
  const run = runInTerminal(words, { PATH: process.env.PATH ?? '' }, 100, payServer);
  await run.sees('Username:');
  run.type('root\r');
  await run.sees('Email:');
  run.type('root@example.org\r');
  await run.sees('Password:');
  run.type(`${password}\r`);
  await run.sees('Once more:');
  run.type('another-word\r');
  await run.sees('not the same');
  run.type(`\u0015${password}\r`);
  t.is(await run.ended, 0, run.text());
  t.regex(run.text(), /The administrator root is made and holds 1000\.00 GBP/);
  t.false(run.text().includes(password));
  t.is((await readTables(data)).users[0]?.role, 'admin');
});

test('Ctrl-C at a question makes nothing and is not success', async (t) => {
  const data = join(await makeFolder(t), 'data');
  const run = runInTerminal(
    ['admin', 'create', '--data', data],
    { PATH: process.env.PATH ?? '' },
    100,
    payServer,
  );
  await run.sees('Username:');
  run.type('\u0003');
  t.is(await run.ended, 130);
  await t.throwsAsync(stat(data), { code: 'ENOENT' });
});
