import anyTest, { type TestFn } from 'ava';
import { exitStatuses } from '../../cli/failure/exit-status.js';
import { type PayServer, startPayServer } from './support/pay-server.js';
import { type Person, register } from './support/person.js';
import { startRelay } from './support/relay.js';
import { runPay } from './support/run-pay.js';
import { runInTerminal } from './support/terminal.js';

const test = anyTest as TestFn<{ server: PayServer; alice: Person; bob: Person }>;

test.before(async (t) => {
  const server = await startPayServer();
  t.context = {
    server,
    alice: await register(server, 'alice', 'GBP'),
    bob: await register(server, 'bob', 'USD'),
  };
});

test.after.always(async (t) => {
  await t.context.server?.stop();
});

const status = (person: Person, ...words: string[]) => person.pay(...words).then((run) => run.status);

async function interrupted(person: Person): Promise<number> {
  const run = runInTerminal(['send', 'bob', '10'], person.environment);
  await run.sees('(y/N)');
  run.type('\u0003');
  return await run.ended;
}

test('each way to end has a real command that ends so', async (t) => {
  const { server, alice, bob } = t.context;
  const before = await alice.json('balance');
  const relay = await startRelay(server);
  t.teardown(() => relay.stop());
  const carol = await register(relay, 'carol', 'GBP');
  relay.break([], 'lose-answer');
  const ends: Readonly<Record<keyof typeof exitStatuses, () => Promise<number | undefined>>> = {
    done: () => status(alice, 'balance'),
    refused: () => status(alice, 'send', 'bob', '1000.01', '--yes'),
    usage: () => status(alice, 'send', 'bob', '1e3', '--yes'),
    'not-found': () => status(alice, 'show', 'pay_0000002XKQ'),
    'not-logged-in': async () =>
      (await runPay(['balance'], { ...alice.environment, PAY_TOKEN: 'wrong' })).status,
    'not-allowed': () => status(alice, 'admin', 'users'),
    unreachable: () => status(alice, 'rates', '--server', 'https://127.0.0.1:9'),
    unknown: () => status(carol, 'send', 'bob', '1', '--yes'),
    interrupted: () => interrupted(alice),
  };
  for (const [kind, end] of Object.entries(ends)) {
    t.is(await end(), exitStatuses[kind as keyof typeof exitStatuses].status, kind);
  }
  t.deepEqual(await alice.json('balance'), before);
  t.is(((await bob.json('history', '--direction', 'received', '--with', 'alice')) as unknown[]).length, 0);
});
