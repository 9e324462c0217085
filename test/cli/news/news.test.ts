import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import anyTest, { type TestFn } from 'ava';
import { execa } from 'execa';
import { type LastingPayServer, startPayServer } from '../support/pay-server.js';
import { type Person, password, registerInside } from '../support/person.js';
import { payProgram, runPay } from '../support/run-pay.js';
import { runPayInside } from '../support/run-pay-inside.js';
import { startWatching } from '../support/watcher.js';

const test = anyTest as TestFn<{ server: LastingPayServer; payer: Person }>;

test.before(async (t) => {
  const server = await startPayServer({ PAY_WEBHOOKS_PRIVATE: 'true' });
  t.context = { server, payer: await registerInside(server, 'payer', 'GBP') };
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
  const anna = await registerInside(server, 'anna', 'GBP');
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
  const [bert, cleo] = [
    await registerInside(server, 'bert', 'GBP'),
    await registerInside(server, 'cleo', 'GBP'),
  ];
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
  // What a program reads is whole, read or unread.
  t.is(((await cleo.json('notifications')) as unknown[]).length, 23);
  t.is(((await cleo.json('notifications', '--all')) as unknown[]).length, 23);
});

test.serial('pay watch survives a restart of the server without losing or repeating a line', async (t) => {
  const { server, payer } = t.context;
  const dora = await registerInside(server, 'dora', 'GBP');
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
    const [emma, finn] = [
      await registerInside(server, 'emma', 'GBP'),
      await registerInside(server, 'finn', 'GBP'),
    ];
    const watcher = await startWatching(emma);
    const running = execa('sh', ['-c', '"$0" "$1" watch | head -n 1', process.execPath, payProgram], {
      env: finn.environment,
      extendEnv: false,
      reject: false,
    });
    t.is((await emma.pay('logout')).status, 0);
    await watcher.says('UNAUTHENTICATED');
    // Not interrupted: a signal in its last moment would be what ended it.
    t.is(await watcher.ends(), 4);

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

    const unknown = await finn.pay('watch', '--since', 'nonsense');
    t.is(unknown.status, 2);
    t.is(
      unknown.stderr,
      '✗ The event to begin after (--since) is not the id of an event of yours.\n  → See: pay notifications\n',
    );
    t.is((await runPay(['watch'], { ...finn.environment, PAY_SERVER: 'https://127.0.0.1:9' })).status, 4);
  },
);

/** An endpoint that takes everything, and how many deliveries it has had. */
async function startEndpoint(): Promise<{ url: string; hears(count: number): Promise<void>; stop(): void }> {
  let deliveries = 0;
  let look = () => {};
  const endpoint = createServer(async (request, response) => {
    const { type, challenge } = JSON.parse(await text(request));
    response.end(challenge);
    if (type === 'webhook.challenge') {
      return;
    }
    deliveries += 1;
    look();
  });
  endpoint.listen(0, '127.0.0.1');
  await once(endpoint, 'listening');
  return {
    url: `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/pay`,
    hears: (count) =>
      new Promise((resolve) => {
        look = () => deliveries >= count && resolve();
        look();
      }),
    stop() {
      endpoint.close();
      endpoint.closeAllConnections();
    },
  };
}

test.serial('webhooks are added, told, looked at, told again and removed', async (t) => {
  const { server, payer } = t.context;
  const gina = await registerInside(server, 'gina', 'GBP');
  const endpoint = await startEndpoint();
  t.teardown(endpoint.stop);
  t.is((await gina.pay('webhooks', 'add', endpoint.url, '--types', 'nonsense')).status, 2);
  const added = (await gina.json(
    'webhooks',
    'add',
    endpoint.url,
    '--types',
    'payment.received, request.paid',
  )) as { id: string; secret: string; types: string[] };
  t.truthy(added.secret);
  t.deepEqual(added.types, ['payment.received', 'request.paid']);
  const listed = await gina.pay('webhooks', 'list');
  t.deepEqual(listed.stdout.split('\t').slice(0, 4), [
    added.id,
    endpoint.url,
    'payment.received,request.paid',
    'active',
  ]);
  t.false(listed.stdout.includes(added.secret));

  await pay(payer, 'gina', '7');
  await endpoint.hears(1);
  const deliveries = async () =>
    (await gina.json('webhooks', 'deliveries', added.id)) as { id: string; type: string }[];
  const [delivery] = await deliveries();
  t.is(delivery?.type, 'payment.received');
  t.is((await gina.pay('webhooks', 'resend', added.id, delivery?.id ?? '')).status, 0);
  await endpoint.hears(2);
  t.is((await deliveries()).length, 1);

  t.is((await gina.pay('webhooks', 'deliveries', 'whk_nonsense')).status, 3);
  t.is((await gina.pay('webhooks', 'resend', added.id, 'dlv_nonsense')).status, 3);
  t.is((await gina.pay('webhooks', 'remove', added.id)).status, 0);
  t.deepEqual(await gina.json('webhooks', 'list'), []);
  t.is((await gina.pay('webhooks', 'remove')).status, 2);
});

test.serial('what a disabled webhook is not told again leads to a new one', async (t) => {
  const { server, payer } = t.context;
  const hugo = await registerInside(server, 'hugo', 'GBP');
  const endpoint = await startEndpoint();
  t.teardown(endpoint.stop);
  const { id } = (await hugo.json('webhooks', 'add', endpoint.url)) as { id: string };
  await pay(payer, 'hugo', '1');
  await endpoint.hears(1);
  const [delivery] = (await hugo.json('webhooks', 'deliveries', id)) as { id: string }[];
  t.is((await hugo.pay('logout')).status, 0);
  t.is((await runPayInside(['login', 'hugo', '--password-stdin'], hugo.environment, password)).status, 0);
  const { status, stderr } = await hugo.pay('webhooks', 'resend', id, delivery?.id ?? '');
  t.is(status, 1);
  t.is(
    stderr,
    '✗ Nothing is sent to a disabled webhook.\n  → Add one in its place: pay webhooks add <url>\n',
  );
});
