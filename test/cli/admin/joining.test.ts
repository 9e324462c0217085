import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import anyTest, { type TestFn } from 'ava';
import { execa } from 'execa';
import type { InvitationJson } from '../../../server/features/invitations/wire.js';
import { type ApiServer, startServer } from '../../api/support/api-server.js';
import { firstAdmin, logInAs, payServerOf } from '../support/admin.js';
import { type Person, password, stranger } from '../support/person.js';
import { makeFolder, payProgram, runPay } from '../support/run-pay.js';
import { runInTerminal } from '../support/terminal.js';

interface Place {
  readonly server: ApiServer;
  readonly root: Person;
}

const test = anyTest as TestFn<Place>;

test.before(async (t) => {
  const server = await startServer({ flags: ['--registration', 'invite'] });
  Object.assign(t.context, { server });
  Object.assign(t.context, { root: await firstAdmin(server) });
});

test.after.always(async (t) => {
  await t.context.server?.stop();
});

async function registerWith(server: ApiServer, username: string, ...more: readonly string[]) {
  const { environment } = await stranger({ PAY_SERVER: server.url });
  const { fingerprint } = payServerOf(server);
  const who = ['--username', username, '--email', 'family@example.org', '--currency', 'GBP'];
  const words = ['register', ...who, '--password-stdin', '--fingerprint', fingerprint, ...more];
  return runPay(words, environment, `${password}\n`);
}

test.serial('invitations come one a line, each registers one, and the list says whom', async (t) => {
  const { root, server } = t.context;
  const made = await root.pay('admin', 'invite', '--note', 'class 5b', '--count', '3', '--expires', '30d');
  t.is(made.status, 0, made.stderr);
  const secrets = made.stdout.trim().split('\n');
  t.is(secrets.length, 3);
  t.is((await registerWith(server, 'ann')).status, 5);
  t.is((await registerWith(server, 'ann', '--invitation', secrets[0] ?? '')).status, 0);
  const again = await registerWith(server, 'ben', '--invitation', secrets[0] ?? '');
  t.is(again.status, 5);
  t.regex(again.stderr, /has been used/);
  const open = (await root.json('admin', 'invitations', '--status', 'open')) as InvitationJson[];
  t.is(open.length, 2);
  t.is((await root.pay('admin', 'uninvite', open[0]?.id ?? '')).status, 0);
  const all = (await root.json('admin', 'invitations')) as InvitationJson[];
  t.deepEqual(
    all.map(({ note, status, usedBy }) => [note, status, usedBy]),
    [
      ['class 5b', 'revoked', null],
      ['class 5b', 'open', null],
      ['class 5b', 'used', 'ann'],
    ],
  );
});

test.serial('an invitation is taken back by a short id, or chosen among the open ones', async (t) => {
  const { root } = t.context;
  const made = (await root.json('admin', 'invite', '--note', 'a twin', '--count', '2')) as { id: string }[];
  const [first, second] = made.map(({ id }) => id);
  const short = await root.json('admin', 'uninvite', first?.replace(/_0+/, '_') ?? '');
  t.deepEqual(short, { id: first });
  const choosing = runInTerminal(['admin', 'uninvite'], root.environment);
  await choosing.sees('Which one to take back?');
  await choosing.sees(`a twin · until`);
  t.false(choosing.text().includes(first ?? ''));
  choosing.type('\r');
  t.is(await choosing.ended, 0);
  t.true(choosing.text().includes(`The invitation ${second} is taken back.`));
});

test.serial('who cannot register is told before being asked for anything', async (t) => {
  const { root, server } = t.context;
  const { environment } = await stranger({ PAY_SERVER: server.url });
  const register = (...words: string[]) =>
    runInTerminal(['register', '--fingerprint', payServerOf(server).fingerprint, ...words], environment);
  const uninvited = register();
  t.is(await uninvited.ended, 5);
  t.regex(uninvited.text(), /takes an invitation/);
  t.regex(uninvited.text(), /pay register --invitation pay_inv_/);
  t.false(uninvited.text().includes('Username:'));
  const wrong = register('--invitation', 'pay_inv_nonsense');
  t.is(await wrong.ended, 5);
  t.regex(wrong.text(), /There is no such invitation/);
  t.false(/Username:|→/.test(wrong.text()));
  const [invitation = ''] = (await root.pay('admin', 'invite', '--note', 'asked')).stdout.trim().split('\n');
  const invited = register('--invitation', invitation);
  await invited.sees('Username:');
  invited.kill('SIGKILL');
  const piped = await registerWith(server, 'zoe');
  t.is(piped.status, 5);
  t.regex(piped.stderr, /pay register --invitation pay_inv_/);
  const elsewhere = ['--profile', 'club', '--server', server.url];
  const named = await registerWith(server, 'zoe', ...elsewhere);
  t.true(named.stderr.includes(`pay register ${elsewhere.join(' ')} --invitation pay_inv_`), named.stderr);
});

test.serial('an invitation is taken with what was copied around it', async (t) => {
  const { root, server } = t.context;
  const invitation = (await root.pay('admin', 'invite', '--note', 'copied')).stdout;
  const copied = await registerWith(server, 'cleo', '--invitation', ` ${invitation.trim()}\r\n`);
  t.is(copied.status, 0, copied.stderr);
});

test.serial('where registration is closed no invitation is spoken of', async (t) => {
  const closed = await startServer({ flags: ['--registration', 'closed'] });
  t.teardown(() => closed.stop());
  const { environment } = await stranger({ PAY_SERVER: closed.url });
  const words = ['register', '--fingerprint', payServerOf(closed).fingerprint];
  const run = runInTerminal(words, environment);
  t.is(await run.ended, 5);
  t.regex(run.text(), /Nobody registers themselves here\. Ask an administrator/);
  t.false(/Username:|invitation/.test(run.text()));
  const piped = await registerWith(closed, 'zoe');
  t.is(piped.status, 5);
  t.false(piped.stderr.includes('invitation'));
});

test.serial('people come from a file, which is checked whole first and run again safely', async (t) => {
  const { root, server } = t.context;
  const folder = await makeFolder();
  const [people, out] = [join(folder, 'people.csv'), join(folder, 'passwords.csv')];
  const add = () => root.pay('admin', 'add-users', people, '--out', out, '--yes');

  await writeFile(people, 'username,email,currency\ncarl,carl@example.org,EUR\n..,x@example.org,\n');
  const wrong = await add();
  t.is(wrong.status, 2);
  t.regex(wrong.stderr, /line 3: \.\. is no username/);
  t.is((await root.pay('admin', 'user', 'carl')).status, 3);

  await writeFile(people, 'username,email,currency\ncarl,carl@example.org,EUR\n');
  t.is((await add()).status, 0);
  await writeFile(people, 'username,email,currency\ncarl,carl@example.org,EUR\ndora,dora@example.org,\n');
  const second = await add();
  t.is(second.status, 0, second.stderr);
  t.regex(second.stderr, /1 of 2 are registered already/);
  const lines = (await readFile(out, 'utf8')).trim().split('\n');
  t.deepEqual(
    lines.map((line) => line.split(',')[0]),
    ['carl', 'dora'],
  );
  t.is((await stat(out)).mode & 0o777, 0o600);
  const third = await add();
  t.deepEqual([third.status, third.stderr], [0, '2 of 2 are registered already.\n']);
  const dora = await logInAs(payServerOf(server), 'dora', lines[1]?.split(',')[1]).catch(String);
  t.regex(String(dora), /one-time|object/);

  await writeFile(people, 'carl,somebody-else@example.org,EUR\n');
  const other = await add();
  t.is(other.status, 1);
  t.regex(other.stderr, /carl is there with the address/);
  await writeFile(people, 'eve,eve@example.org\n');
  await chmod(out, 0o644);
  t.regex((await add()).stderr, /can be read by others/);
  t.is((await root.pay('admin', 'user', 'eve')).status, 3);
});

test.serial('the trail is followed: what is done later is written when it is', async (t) => {
  const { root } = t.context;
  const following = execa(process.execPath, [payProgram, 'admin', 'audit', '--follow', '--json'], {
    env: root.environment,
    extendEnv: false,
    reject: false,
  });
  const seen = new Promise<string>((resolve) => {
    let text = '';
    following.stdout.on('data', (chunk) => {
      text += String(chunk);
      if (text.includes('"followed"')) {
        resolve(text);
      }
    });
  });
  // The records that there are come first.
  await new Promise((resolve) => following.stdout.once('data', resolve));
  await root.pay('admin', 'invite', '--note', 'followed');
  const records = (await seen)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: string; action: string });
  t.is(records.at(-1)?.action, 'invitation.created');
  t.true(records.length > 1);
  t.deepEqual(
    records,
    records.toSorted((one, other) => (one.id < other.id ? -1 : 1)),
  );
  following.kill('SIGINT');
  await following;
  t.is((await root.pay('admin', 'audit', '--follow', '--page', '2')).status, 2);
});

test('people are added in a currency of the server’s own, and a currency that it has not is a fault of its line', async (t) => {
  const folder = await makeFolder();
  const club = join(folder, 'club.toml');
  await writeFile(
    club,
    'ratesAsOf = "2026-11-20"\n[currencies]\nGBP = {}\nPTS = { name = "Points", digits = 0 }\n',
  );
  const server = await startServer({ flags: ['--currencies', club] });
  t.teardown(() => server.stop());
  const root = await firstAdmin(server);
  const people = join(folder, 'people.csv');
  await writeFile(people, 'username,email,currency\nann,ann@example.org,EUR\n');
  const wrong = await root.pay('admin', 'add-users', people, '--yes');
  t.is(wrong.status, 2);
  t.regex(wrong.stderr, /line 2: EUR is no currency here/);
  const none = await root.pay('admin', 'add-users', join(folder, 'none.csv'), '--yes');
  t.is(none.status, 2);
  t.regex(none.stderr, /none\.csv cannot be read: there is no such file\.\n/);
  await writeFile(people, 'username,email,currency\nann,ann@example.org,PTS\n');
  const added = await root.pay('admin', 'add-users', people, '--yes');
  t.is(added.status, 0, added.stderr);
  t.like(await root.json('admin', 'user', 'ann'), { currency: 'PTS' });
});
