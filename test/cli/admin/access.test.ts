import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import anyTest, { type TestFn } from 'ava';
import { Command } from 'commander';
import { define } from '../../../cli/admin/admin.js';
import { type ApiServer, startServer } from '../../api/support/api-server.js';
import { changeRows, runSql } from '../../api/support/database.js';
import { firstAdmin, payServerOf } from '../support/admin.js';
import { type Person, password, registerInside } from '../support/person.js';
import { runPayInside } from '../support/run-pay-inside.js';
import { runInTerminal } from '../support/terminal.js';

interface People {
  readonly server: ApiServer;
  readonly root: Person;
  readonly alice: Person;
  readonly mallory: Person;
}

const test = anyTest as TestFn<People>;

test.before(async (t) => {
  await writeFile(peopleFile, 'username,email,currency\nnina,nina@example.org,GBP\n');
  const server = await startServer();
  Object.assign(t.context, { server });
  const root = await firstAdmin(server);
  Object.assign(t.context, {
    root,
    alice: await registerInside(payServerOf(server), 'alice', 'GBP'),
    mallory: await registerInside(payServerOf(server), 'mallory', 'USD'),
  });
});

test.after.always(async (t) => {
  await rm(peopleFile, { force: true });
  await rm(statementsFolder, { force: true, recursive: true });
  await t.context.server?.stop();
});

const onlyAdmins = 'Only administrators may do this, and only while they are not frozen.';

const act = ['--reason', 'because', '--yes'];

/** A way to run each verb that asks nothing, so that only who runs it decides; and whether it changes something. */
const peopleFile = join(tmpdir(), `pay-people-${process.pid}.csv`);
const statementsFolder = join(tmpdir(), `pay-statements-${process.pid}`);

const ways: Readonly<Record<string, { readonly words: readonly string[]; readonly isAct: boolean }>> = {
  users: { words: [], isAct: false },
  user: { words: ['root'], isAct: false },
  payments: { words: [], isAct: false },
  payment: { words: ['pay_x'], isAct: false },
  audit: { words: ['--format', 'csv'], isAct: false },
  books: { words: [], isAct: false },
  stats: { words: [], isAct: false },
  add: { words: ['eve', '--email', 'eve@example.org', '--password-stdin'], isAct: true },
  'add-users': { words: [peopleFile, '--yes'], isAct: true },
  invite: { words: ['--note', 'class 5b'], isAct: true },
  invitations: { words: [], isAct: false },
  uninvite: { words: ['inv_ZZZZZZZZZZ'], isAct: true },
  freeze: { words: ['root', ...act], isAct: true },
  unfreeze: { words: ['root', ...act], isAct: true },
  'reset-password': { words: ['alice', ...act], isAct: true },
  promote: { words: ['alice', ...act], isAct: true },
  demote: { words: ['root', ...act], isAct: true },
  adjust: { words: ['root', '10', '--credit', ...act], isAct: true },
  limits: { words: [], isAct: false },
  'limits set': { words: ['--user', 'alice', '--per-day', 'none', ...act], isAct: true },
  'reset-2fa': { words: ['alice', ...act], isAct: true },
  statements: { words: ['this-month', '--out', statementsFolder], isAct: false },
  'limits clear': { words: ['--currency', 'GBP', ...act], isAct: true },
};

function verbsBelow(command: Command, above: readonly string[] = []): string[] {
  return command.commands.flatMap((sub) => {
    const path = [...above, sub.name()];
    return [path.join(' '), ...verbsBelow(sub, path)];
  });
}

test('every verb of administrators has an expectation here', (t) => {
  const admin = new Command('admin');
  define(admin, () => async () => {});
  t.deepEqual(verbsBelow(admin).toSorted(), Object.keys(ways).toSorted());
});

const wordsOf = (verb: string) => ['admin', ...verb.split(' '), ...(ways[verb]?.words ?? [])];

const useSession =
  '  → Use your session instead: unset PAY_TOKEN\n  → Then make another token: pay tokens create\n';

/** Runs a verb and gives what it ends with. A password is there for whoever reads one. */
async function ended(person: Person, verb: string, more: Readonly<Record<string, string>> = {}) {
  const environment = { ...person.environment, ...more };
  const { status, stdout, stderr } = await runPayInside(wordsOf(verb), environment, `${password}\n`);
  return { status, stdout, stderr };
}

test.serial(
  'whoever is no administrator is told so in one line by every verb, which ends with 5',
  async (t) => {
    t.timeout(180_000);
    const { mallory, root, server } = t.context;
    const before = await root.json('admin', 'users');
    for (const verb of Object.keys(ways)) {
      t.deepEqual(await ended(mallory, verb), { status: 5, stdout: '', stderr: `✗ ${onlyAdmins}\n` }, verb);
    }
    t.deepEqual(await root.json('admin', 'users'), before);
    t.is((await runSql(server, 'select * from limits')).length, 0);
  },
);

test.serial('so is an administrator whose token has not the scope, with the way out', async (t) => {
  const { root } = t.context;
  const { token } = (await root.json('tokens', 'create', '--name', 'reader', '--scopes', 'read')) as {
    token: string;
  };
  for (const verb of ['users', 'books', 'invitations']) {
    const stderr = `✗ The token lacks the scope "admin".\n${useSession}`;
    t.deepEqual(await ended(root, verb, { PAY_TOKEN: token }), { status: 5, stdout: '', stderr }, verb);
  }
});

test.serial(
  'so is an administrator whose account is frozen, by every verb that changes something',
  async (t) => {
    t.timeout(180_000);
    const { root, server } = t.context;
    await changeRows(server, "update users set status = 'frozen' where username = 'root'");
    for (const [verb, { isAct }] of Object.entries(ways)) {
      if (isAct) {
        const { status, stdout, stderr } = await ended(root, verb);
        t.is(status, 5, `${verb}: ${stderr}`);
        t.is(stdout, '');
        t.regex(stderr, /^✗ .*frozen.*\n$/, verb);
      }
    }
    await changeRows(server, "update users set status = 'active' where username = 'root'");
  },
);

test.serial('on a terminal nobody is asked for what they may not do', async (t) => {
  const { alice } = t.context;
  for (const words of [
    ['freeze'],
    ['adjust', 'root', '5'],
    ['add'],
    ['limits', 'set', '--currency', 'GBP', '--per-day', '5'],
  ]) {
    const run = runInTerminal(['admin', ...words], { ...alice.environment, NO_COLOR: '1' });
    t.is(await run.ended, 5, words.join(' '));
    t.is(run.text().replaceAll(/\s+/g, ' ').trim(), `✗ ${onlyAdmins}`);
  }
});

test('with JSON the refusal is the problem of the server', async (t) => {
  const { status, stdout, stderr } = await t.context.alice.pay('admin', 'users', '--json');
  t.is(status, 5);
  t.is(stdout, '');
  t.like(JSON.parse(stderr), { code: 'FORBIDDEN', status: 403 });
});
