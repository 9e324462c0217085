import anyTest, { type TestFn } from 'ava';
import type { AdminUserJson } from '../../../server/features/admin/wire.js';
import type { AuditRecordJson } from '../../../server/features/audit/wire.js';
import { type ApiServer, startServer } from '../../api/support/api-server.js';
import { firstAdmin, logInAs, payServerOf } from '../support/admin.js';
import { type Person, password, registerInside } from '../support/person.js';
import { startRelay } from '../support/relay.js';
import { runPay } from '../support/run-pay.js';

interface People {
  readonly server: ApiServer;
  readonly root: Person;
  readonly alice: Person;
}

const test = anyTest as TestFn<People>;

test.before(async (t) => {
  const server = await startServer();
  Object.assign(t.context, { server });
  const root = await firstAdmin(server);
  Object.assign(t.context, { root, alice: await registerInside(payServerOf(server), 'alice', 'GBP') });
});

test.after.always(async (t) => {
  await t.context.server?.stop();
});

const because = ['--reason', 'ticket 4711', '--yes'];

async function lastAct({ root }: People): Promise<AuditRecordJson | undefined> {
  return ((await root.json('admin', 'audit', '--limit', '1')) as AuditRecordJson[])[0];
}

const balanceOf = async ({ alice }: People) => ((await alice.json('balance')) as { amount: string }).amount;

test.serial('a frozen user cannot pay until unfrozen, and the reason is kept', async (t) => {
  const { root, alice } = t.context;
  const frozen = await root.pay('admin', 'freeze', 'alice', ...because);
  t.is(frozen.status, 0);
  t.regex(frozen.stderr, /^✓ alice is frozen: /);
  t.regex(frozen.stdout, /^status\tfrozen$/m);
  t.is((await alice.pay('send', 'root', '1', '--yes')).status, 5);
  t.like(await lastAct(t.context), { action: 'user.frozen', subject: 'alice', reason: 'ticket 4711' });
  t.like(await root.json('admin', 'unfreeze', 'alice', ...because), { status: 'active' });
  t.is((await alice.pay('send', 'root', '1', '--yes')).status, 0);
});

test.serial('an administrator is made, made of a user, and made a user again', async (t) => {
  const { root, server } = t.context;
  const words = ['admin', 'add', 'carol', '--email', 'carol@example.org', '--password-stdin', '--json'];
  const added = await runPay(words, root.environment, `${password}\n`);
  t.like(JSON.parse(added.stdout), { username: 'carol', role: 'admin', currency: 'GBP' });
  const carol = await logInAs(payServerOf(server), 'carol');
  t.is((await carol.pay('admin', 'promote', 'alice', ...because)).status, 0);
  t.like(await root.json('admin', 'user', 'alice'), { role: 'admin' });
  t.is((await carol.pay('admin', 'demote', 'alice', ...because)).status, 0);
  t.like(await root.json('admin', 'user', 'alice'), { role: 'user' });
  const own = await carol.pay('admin', 'demote', 'carol', ...because);
  t.is(own.status, 5);
  t.is(own.stderr, '✗ Nobody can demote themselves. Ask another administrator.\n');
});

test.serial('a credit and a debit are booked once for each key, and a dry run books nothing', async (t) => {
  const { root } = t.context;
  t.is(await balanceOf(t.context), '999.00');
  const credit = ['admin', 'adjust', 'alice', '10', '--credit', ...because];
  const dry = await root.json(...credit.slice(0, -1), '--dry-run');
  t.like(dry, { id: null, kind: 'adjustment', balanceAfter: { amount: '1009.00', currency: 'GBP' } });
  t.is(await balanceOf(t.context), '999.00');
  const first = await root.json(...credit, '--key', 'adjust-1');
  t.deepEqual(await root.json(...credit, '--key', 'adjust-1'), first);
  t.is(await balanceOf(t.context), '1009.00');
  const debit = await root.pay('admin', 'adjust', 'alice', '8.99', '--debit', ...because);
  t.is(debit.stderr, '✓ Debited alice 8.99 GBP.\n');
  t.is(await balanceOf(t.context), '1000.01');
});

test.serial('a payment that is corrected is named by a short id, as everywhere', async (t) => {
  const { root } = t.context;
  const payments = (await root.json('admin', 'payments', '--user', 'alice', '--kind', 'payment')) as {
    id: string;
  }[];
  const id = payments[0]?.id ?? '';
  const short = id.replace(/^pay_0*/, '');
  const adjust = [
    'admin',
    'adjust',
    'alice',
    '1',
    '--credit',
    '--dry-run',
    '--reason',
    'wrong',
    '--corrects',
  ];
  t.like(await root.json(...adjust, short), { corrects: id });
  const { status, stderr } = await root.pay(...adjust, 'pay_0000002XKQ');
  t.is(status, 2);
  t.is(stderr, '✗ --corrects is no payment of alice.\n');
});

test.serial('what the server refuses is told, and no balance has changed', async (t) => {
  const { root } = t.context;
  const before = await balanceOf(t.context);
  for (const [words, status, text] of [
    [['alice', '5000', '--debit'], 1, /alice has 1000\.01 GBP; this would take 5000\.00 GBP/],
    [['alice', '1.234', '--credit'], 2, /1\.234|decimals/],
    [['nobody', '1', '--credit'], 3, /There is no user nobody/],
    [['root', '1', '--credit'], 5, /^✗ Nobody adjusts their own balance\. Ask another administrator\.\n$/],
    [['alice', '1', '--credit', '--debit'], 2, /cannot be used with/],
    [['alice', '1'], 2, /no terminal to ask on, and --credit or --debit is missing/],
  ] as const) {
    const run = await root.pay('admin', 'adjust', ...words, ...because);
    t.is(run.status, status, run.stderr);
    t.regex(run.stderr, text);
    t.is(run.stdout, '');
  }
  t.is(await balanceOf(t.context), before);
});

test.serial('an adjustment whose answer is lost is booked once', async (t) => {
  const { server } = t.context;
  const before = Number(await balanceOf(t.context));
  const relay = await startRelay(payServerOf(server));
  const admin = await logInAs({ ...payServerOf(server), ...relay }, 'root');
  relay.break(['lose-answer', 'lose-answer']);
  const run = await admin.pay('admin', 'adjust', 'alice', '2', '--credit', ...because);
  await relay.stop();
  t.is(run.status, 0, run.stderr);
  t.regex(run.stderr, /An earlier try had booked it; it was not booked again\./);
  t.is(Number(await balanceOf(t.context)), before + 2);
});

test.serial('a one-time password stands alone on stdout, and opens nothing but its own change', async (t) => {
  const { root, alice, server } = t.context;
  const reset = await root.pay('admin', 'reset-password', 'alice', ...because);
  t.is(reset.status, 0);
  t.regex(reset.stdout, /^\S+\n$/);
  t.regex(reset.stderr, /all their sessions and tokens have ended[\s\S]*must be changed at the first login/);
  const oneTime = reset.stdout.trim();
  t.false(JSON.stringify(await root.json('admin', 'audit', '--all')).includes(oneTime));
  t.is((await alice.pay('balance')).status, 4);

  const login = ['login', 'alice', '--password-stdin'];
  const begun = await runPay(login, alice.environment, `${oneTime}\n`);
  t.is(begun.status, 5);
  t.is(begun.stdout, '');
  t.regex(
    begun.stderr,
    /one-time password: nothing else is allowed[\s\S]*→ Choose a new one: pay password\n$/,
  );
  for (const words of [['balance'], ['send', 'root', '1', '--yes'], ['requests'], ['tokens', 'list']]) {
    const refused = await alice.pay(...words);
    t.is(refused.status, 5);
    t.regex(refused.stderr, /→ Choose a new one: pay password\n$/, words.join(' '));
  }
  const asJson = await runPay([...login, '--json'], alice.environment, `${oneTime}\n`);
  t.like(JSON.parse(asJson.stderr), {
    code: 'PASSWORD_CHANGE_REQUIRED',
    next: ['Choose a new one: pay password'],
  });
  const change = ['password', '--password-stdin'];
  t.is((await runPay(change, alice.environment, `${oneTime}\n${password}9\n`)).status, 0);
  t.is((await alice.pay('balance')).status, 0);
  t.like((await root.json('admin', 'user', 'alice')) as AdminUserJson, { mustChangePassword: false });
  const used = await runPay(login, alice.environment, `${oneTime}\n`);
  t.is(used.status, 4);
  t.regex(used.stderr, /→ A one-time password is over once another was chosen: log in with that one\.\n$/);
  await logInAs(payServerOf(server), 'alice', `${password}9`);
});

test.serial('what --debug shows holds no one-time password', async (t) => {
  const { root, server } = t.context;
  await registerInside(payServerOf(server), 'dora', 'EUR');
  const run = await root.pay('admin', 'reset-password', 'dora', ...because, '--debug');
  t.is(run.status, 0);
  t.true(run.stderr.includes('"oneTimePassword":"****"'));
  t.false(run.stderr.includes(run.stdout.trim()));
});

test.serial('one’s own password is changed with its own command', async (t) => {
  const run = await t.context.root.pay('admin', 'reset-password', 'ROOT', ...because);
  t.is(run.status, 5);
  t.is(run.stderr, '✗ Nobody resets their own password.\n  → Change it: pay password\n');
});

test.serial('limits are set, taken from a user, and cleared, one or both', async (t) => {
  const { root, alice } = t.context;
  const limits = async (...words: string[]) => (await root.pay('admin', 'limits', ...words)).stdout;
  t.is(
    await limits('set', '--currency', 'gbp', '--per-payment', '20', '--per-day', '30', ...because),
    'GBP\t\t20.00\t30.00\n',
  );
  t.is((await alice.pay('send', 'root', '20.01', '--yes')).status, 1);
  t.is(
    await limits('set', '--user', 'alice', '--per-payment', 'none', '--per-day', '500', ...because),
    'GBP\talice\tnone\t500.00\n',
  );
  t.deepEqual(
    JSON.parse(
      await limits(
        ...['set', '--user', 'alice', '--per-day', '500', ...because],
        ...['--fields', 'perPayment.amount,perDay.amount'],
      ),
    ),
    { perPayment: null, perDay: { amount: '500.00' } },
  );
  t.is((await alice.pay('send', 'root', '20.01', '--yes')).status, 0);
  t.is(await limits('clear', '--user', 'alice', '--per-day', ...because), 'GBP\talice\tnone\t\n');
  t.is(await limits('clear', '--user', 'alice', ...because), 'GBP\talice\t\t\n');
  t.is(await limits('set', '--currency', 'GBP', '--per-day', 'none', ...because), 'GBP\t\t20.00\t\n');
  t.is(await limits('clear', '--currency', 'GBP', ...because), 'GBP\t\t\t\n');
  t.deepEqual(await root.json('admin', 'limits'), []);
  for (const [words, status] of [
    [['set', '--per-day', '5'], 2],
    [['set', '--user', 'alice'], 2],
    [['set', '--user', 'alice', '--currency', 'GBP', '--per-day', '5'], 2],
    [['set', '--user', 'nobody', '--per-day', '5'], 3],
    [['set', '--currency', 'XXX', '--per-day', '5'], 3],
    [['set', '--user', 'alice', '--per-day', '5.001'], 2],
  ] as const) {
    t.is((await root.pay('admin', 'limits', ...words, ...because)).status, status, words.join(' '));
  }
});

test.serial('without a terminal every verb that asks names all that is missing, at once', async (t) => {
  const { root } = t.context;
  for (const [words, missing] of [
    [['freeze'], '<user>, --reason, and --yes are'],
    [['reset-password', 'alice', '--reason', 'x'], '--yes is'],
    [['user'], '<user> is'],
    [['payment'], '<id> is'],
    [['add'], '--username, --email, and --password-stdin are'],
    [['adjust', 'alice'], '<amount>, --credit or --debit, --reason, and --yes are'],
    [['limits', 'clear', '--user', 'alice'], '--reason and --yes are'],
  ] as const) {
    const run = await root.pay('admin', ...words);
    t.is(run.status, 2);
    t.is(run.stderr, `✗ There is no terminal to ask on, and ${missing} missing.\n`);
  }
});

test('a verb that there is not is told with the one that was meant, and where to look', async (t) => {
  for (const more of [[], ['bob'], ['bob', '--reason', 'stolen', '--yes']]) {
    const run = await t.context.root.pay('admin', 'freze', ...more);
    t.is(run.status, 2);
    t.regex(run.stderr, /^✗ There is no command admin freze\.\n {2}→ Did you mean freeze\?\n/);
    t.regex(run.stderr, /\n {2}→ See: pay admin --help\n$/);
  }
});
