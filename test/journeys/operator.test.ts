import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type ApiServer, startServer } from '../api/support/api-server.js';
import type { Reply } from '../api/support/client.js';
import { auditBooks } from '../ledger/support/audit.js';
import { runPayServer } from '../program/support/run-pay-server.js';
import { readTables } from '../program/support/tables.js';

const passwords = {
  root: 'maple-7-otter-ladder',
  deputy: 'quartz-3-heron-lamp',
  alice: 'willow-9-badger-boat',
  bob: 'cobalt-5-finch-tower',
} as const;

type Name = keyof typeof passwords;

async function logIn(server: ApiServer, username: Name): Promise<string> {
  const reply = await server.ask('/v1/sessions', { send: { username, password: passwords[username] } });
  return reply.json.token;
}

const register = (server: ApiServer, username: Name) =>
  server.ask('/v1/users', {
    send: { username, email: `${username}@example.org`, password: passwords[username], currency: 'GBP' },
  });

/** Pays again and again until it is told to stop; gives what was answered. */
function keepPaying(server: ApiServer, token: string, to: string): () => Promise<readonly Reply[]> {
  const replies: Reply[] = [];
  let isOver = false;
  const paying = (async () => {
    while (!isOver) {
      const send = { to, amount: '0.01', memo: `payment ${replies.length}` };
      replies.push(await server.ask('/v1/payments', { token, key: `load-${replies.length}`, send }));
    }
  })();
  return async () => {
    isOver = true;
    await paying;
    return replies;
  };
}

/** Sees that whom an administrator has frozen pays nobody, until they are let go on. */
async function freezes(
  t: ExecutionContext,
  server: ApiServer,
  { deputy, alice }: Readonly<Record<'deputy' | 'alice', string>>,
): Promise<void> {
  const change = (status: string, reason: string) =>
    server.ask('/v1/admin/users/alice', { method: 'PATCH', token: deputy, send: { status, reason } });
  t.is((await change('frozen', 'a stolen phone')).json.status, 'frozen');
  const whileFrozen = await server.ask('/v1/payments', {
    token: alice,
    key: 'while-frozen',
    send: { to: 'bob', amount: '1.00' },
  });
  t.is(whileFrozen.json.code, 'ACCOUNT_FROZEN');
  t.is((await change('active', 'she has it back')).json.status, 'active');
}

/** Sees that the audit says who has made, frozen and adjusted whom. */
async function tellsWhoDidWhat(t: ExecutionContext, server: ApiServer, root: string): Promise<void> {
  const audit = await server.ask('/v1/admin/audit?limit=100', { token: root });
  const acts = audit.json.data.map(({ actor, action, subject }: Record<string, string>) =>
    [actor ?? 'the operator', action, subject].join(' '),
  );
  for (const act of [
    'the operator admin.registered root',
    'root admin.registered deputy',
    'deputy user.frozen alice',
    'deputy user.unfrozen alice',
  ]) {
    t.true(acts.includes(act), `${act} in ${acts.join(', ')}`);
  }
  t.true(acts.some((act: string) => act.startsWith('root payment.adjusted')));
  const first = audit.json.data.find(
    ({ action, subject }: Record<string, string>) => action === 'admin.registered' && subject === 'root',
  );
  t.is(first.address, 'local');
}

/** Restores a backup, sees that it is right and what the data was when it was made, and gives it. */
async function restoresBooks(
  t: ExecutionContext,
  backup: string,
  { data, restored }: Readonly<Record<'data' | 'restored', string>>,
) {
  t.is((await runPayServer(t, ['restore', backup, '--data', restored])).status, 0);
  t.regex((await runPayServer(t, ['check', '--data', restored])).stdout, /The books are right\.\n$/);
  const [before, after] = [await readTables(data), await readTables(restored)];
  t.deepEqual(auditBooks(after), []);
  t.deepEqual(after.payments, before.payments.slice(0, after.payments.length));
  t.deepEqual(after.audit, before.audit.slice(0, after.audit.length));
  return after;
}

test('the first administrator, a second one, a freeze, an adjustment, the audit, a backup under load, and the books again', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'pay-operator-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const [data, restored, backup] = [
    join(folder, 'data'),
    join(folder, 'restored'),
    join(folder, 'pay.backup'),
  ];

  const server = await startServer({ dataDir: data });
  t.teardown(() => server.stop());
  await register(server, 'alice');
  await register(server, 'bob');
  const [alice, bob] = [await logIn(server, 'alice'), await logIn(server, 'bob')];

  const create = ['admin', 'create', '--data', data, '--username', 'root', '--email', 'root@example.org'];
  const made = await runPayServer(t, [...create, '--password-stdin', '--time-port', '0'], passwords.root);
  t.is(made.status, 0, made.stderr);
  const root = await logIn(server, 'root');

  const second = await server.ask('/v1/admin/admins', {
    token: root,
    key: 'second',
    send: { username: 'deputy', email: 'deputy@example.org', password: passwords.deputy },
  });
  t.is(second.status, 201, second.text);
  const deputy = await logIn(server, 'deputy');

  await freezes(t, server, { deputy, alice });

  const adjusted = await server.ask('/v1/admin/adjustments', {
    token: root,
    key: 'goodwill',
    send: { username: 'alice', amount: '25.00', direction: 'credit', reason: 'for the trouble' },
  });
  t.is(adjusted.json.kind, 'adjustment');
  const denied = await server.ask('/v1/admin/audit', { token: bob });
  t.is(denied.status, 403);

  await tellsWhoDidWhat(t, server, root);

  const script = await server.ask('/v1/tokens', { token: alice, send: { name: 'load', scopes: ['pay'] } });
  const stopPaying = keepPaying(server, script.json.token, 'bob');
  const backedUp = await runPayServer(t, ['backup', backup, '--data', data]);
  t.is(backedUp.status, 0, backedUp.stderr);
  const replies = await stopPaying();
  t.true(replies.length > 1 && replies.every(({ status }) => status === 201));

  const books = await server.ask('/v1/admin/ledger', { token: root });
  t.true(books.json.balanced, books.text);
  t.is(await server.stop(), 0);
  t.regex((await runPayServer(t, ['check', '--data', data])).stdout, /The books are right\.\n$/);

  const after = await restoresBooks(t, backup, { data, restored });

  const again = await startServer({ dataDir: restored });
  t.teardown(() => again.stop());
  // The sessions and tokens that were open go on, and a key that had moved money by then moves none again.
  const same = await again.ask('/v1/admin/ledger', { token: root });
  t.true(same.json.balanced);
  t.is(same.json.payments, after.payments.length);
  const replay = await again.ask('/v1/admin/adjustments', {
    token: root,
    key: 'goodwill',
    send: { username: 'alice', amount: '25.00', direction: 'credit', reason: 'for the trouble' },
  });
  t.is(replay.headers['idempotency-replayed'], 'true');
  t.is(
    (await again.ask('/v1/payments', { token: bob, key: 'k', send: { to: 'alice', amount: '1.00' } })).status,
    201,
  );
  t.is(await again.stop(), 0);
});
