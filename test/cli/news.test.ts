import anyTest, { type TestFn } from 'ava';
import { execa } from 'execa';
import { type LastingPayServer, startPayServer } from './support/pay-server.js';
import { type Person, register } from './support/person.js';
import { payProgram, runPay } from './support/run-pay.js';
import { startWatching } from './support/watcher.js';

const test = anyTest as TestFn<{ server: LastingPayServer; payer: Person }>;

test.before(async (t) => {
  const server = await startPayServer();
  t.context = { server, payer: await register(server, 'payer', 'GBP') };
});

test.after.always(async (t) => {
  await t.context.server?.stop();
});

async function pay(from: Person, to: string, amount: string): Promise<void> {
  const { status, stderr } = await from.pay('send', to, amount, '--yes');
  if (status !== 0) {
    throw new Error(`paying ended with ${status}: ${stderr}`);
  }
}

interface Notification {
  readonly id: string;
  readonly type: string;
  readonly read: boolean;
}

test.serial('what was shown is read, and what was not shown is not', async (t) => {
  const { server, payer } = t.context;
  const anna = await register(server, 'anna', 'GBP');
  const notifications = async (...words: string[]) =>
    ((await anna.json('notifications', ...words)) as Notification[]).map(({ read }) => read);
  t.deepEqual(await notifications(), []);
  for (const amount of ['1', '2', '3']) {
    await pay(payer, 'anna', amount);
  }
  t.deepEqual(await notifications('--keep'), [false, false, false]);
  t.deepEqual(await notifications('--limit', '1'), [false]);
  t.deepEqual(await notifications('--unread', '--keep'), [false, false, false]);
  const row = (await anna.pay('notifications')).stdout.split('\n')[0]?.split('\t');
  t.deepEqual(row?.slice(2), ['payment.received', 'payer paid you 3.00 GBP', 'unread']);
  t.deepEqual(await notifications('--unread'), []);
  t.deepEqual(await notifications(), [true, true, true]);
  await pay(payer, 'anna', '4');
  t.deepEqual(await notifications('--limit', '2'), [false, true]);
  t.deepEqual(await notifications('--all'), [true, true, true, true]);
  t.is((await anna.pay('notifications', '--limit', '1', '--all')).status, 2);
});

test.serial('everything that is unread is shown, however much it is', async (t) => {
  const { server } = t.context;
  const [bert, cleo] = [await register(server, 'bert', 'GBP'), await register(server, 'cleo', 'GBP')];
  await pay(bert, 'cleo', '1');
  t.is(((await cleo.json('notifications')) as unknown[]).length, 1);
  const { token } = (await bert.json('tokens', 'create', '--name', 'x', '--scopes', 'pay')) as {
    token: string;
  };
  for (let count = 1; count <= 22; count += 1) {
    const { status } = await runPay(['send', 'cleo', '0.01', '--yes'], {
      ...bert.environment,
      PAY_TOKEN: token,
    });
    t.is(status, 0);
  }
  t.is(((await cleo.json('notifications')) as unknown[]).length, 22);
  t.is(((await cleo.json('notifications')) as unknown[]).length, 20);
  t.is(((await cleo.json('notifications', '--all')) as unknown[]).length, 23);
});

test.serial('pay watch survives a restart of the server without losing or repeating a line', async (t) => {
  const { server, payer } = t.context;
  const dora = await register(server, 'dora', 'GBP');
  const watcher = await startWatching(dora);
  await pay(payer, 'dora', '1');
  const [first] = await watcher.sees(1);
  for (const amounts of [
    ['2', '3'],
    ['4', '5'],
  ]) {
    await server.halt();
    await watcher.says('ECONNREFUSED');
    await server.resume();
    for (const amount of amounts) {
      await pay(payer, 'dora', amount);
    }
    await watcher.sees(Number(amounts.at(-1)));
  }
  const { status, events } = await watcher.interrupt();
  t.is(status, 130);
  t.deepEqual(
    events.map(({ data }) => (data.received as { amount: string }).amount),
    ['1.00', '2.00', '3.00', '4.00', '5.00'],
  );
  t.is(new Set(events.map(({ id }) => id)).size, 5);

  const later = await startWatching(dora, '--since', first?.id ?? '');
  t.deepEqual(await later.sees(4), events.slice(1));
  t.is((await later.interrupt()).status, 130);
});

test.serial(
  'pay watch ends when the session does, when its reader goes, and where it cannot begin',
  async (t) => {
    const { server, payer } = t.context;
    const [emma, finn] = [await register(server, 'emma', 'GBP'), await register(server, 'finn', 'GBP')];
    const watcher = await startWatching(emma);
    const running = execa('sh', ['-c', '"$0" "$1" watch | head -n 1', process.execPath, payProgram], {
      env: finn.environment,
      extendEnv: false,
      reject: false,
    });
    t.is((await emma.pay('logout')).status, 0);
    await watcher.says('UNAUTHENTICATED');
    t.is((await watcher.interrupt()).status, 4);

    // The reader takes one line; the next one finds nobody, and that is no error.
    await finn.json('notifications');
    let amount = 0;
    const paying = (async () => {
      while (running.exitCode === null && amount < 40) {
        amount += 1;
        await pay(payer, 'finn', `${amount}`);
      }
    })();
    const { stdout, stderr } = await running;
    await paying;
    t.regex(stdout, /^evt_\w+\t\S+\tpayment\.received\tpayer paid you \d+\.00 GBP$/);
    t.notRegex(stderr, /✗/);

    t.is((await finn.pay('watch', '--since', 'nonsense')).status, 2);
    t.is((await runPay(['watch'], { ...finn.environment, PAY_SERVER: 'https://127.0.0.1:9' })).status, 4);
  },
);

test.serial('webhooks are added, listed, looked at and removed', async (t) => {
  const gina = await register(t.context.server, 'gina', 'GBP');
  const refused = await gina.pay('webhooks', 'add', 'http://127.0.0.1/x');
  t.is(refused.status, 2, refused.stderr);
  const added = (await gina.json(
    'webhooks',
    'add',
    'https://hooks.example.org/pay',
    '--types',
    'payment.received, request.paid',
  )) as { id: string; secret: string; types: string[] };
  t.truthy(added.secret);
  t.deepEqual(added.types, ['payment.received', 'request.paid']);
  const listed = await gina.pay('webhooks', 'list');
  t.regex(listed.stdout, new RegExp(`^${added.id}\thttps://hooks.example.org/pay\tpayment.received,`));
  t.false(listed.stdout.includes(added.secret));
  t.deepEqual(await gina.json('webhooks', 'deliveries', added.id), []);
  t.is((await gina.pay('webhooks', 'deliveries', 'whk_nonsense')).status, 3);
  t.is((await gina.pay('webhooks', 'resend', added.id, 'dlv_nonsense')).status, 3);
  t.is((await gina.pay('webhooks', 'remove', added.id)).status, 0);
  t.deepEqual(await gina.json('webhooks', 'list'), []);
  t.is((await gina.pay('webhooks', 'remove')).status, 2);
});
