import test from 'ava';
import { execa } from 'execa';
import { startPayServer } from './support/pay-server.js';
import { register } from './support/person.js';
import { startRelay } from './support/relay.js';
import { makeFolder, payProgram, plainEnvironment, runPay } from './support/run-pay.js';
import { runInTerminal } from './support/terminal.js';

test('every way to end has its exit status', async (t) => {
  const server = await startPayServer();
  const relay = await startRelay(server);
  try {
    await register(server, 'bob', 'GBP');
    const alice = await register(relay, 'alice', 'GBP');
    const statusOf = async (...words: string[]) => (await alice.pay(...words)).status;
    const { token } = (await alice.json('tokens', 'create', '--name', 'reader', '--scopes', 'read')) as {
      token: string;
    };
    const reader = { ...alice.environment, PAY_TOKEN: token };
    const nobody = plainEnvironment(await makeFolder(), { PAY_SERVER: relay.url });
    const nowhere = { ...reader, PAY_SERVER: 'https://127.0.0.1:9' };

    t.is(await statusOf('send', 'bob', '1', '--yes'), 0);
    t.is(await statusOf('send', 'bob', '1000000', '--yes'), 1);
    t.is(await statusOf('send', 'bob', 'much', '--yes'), 2);
    t.is(await statusOf('show', 'pay_none'), 3);
    t.is((await runPay(['balance'], nobody)).status, 4);
    t.is((await runPay(['send', 'bob', '2', '--yes'], reader)).status, 5);
    t.is((await runPay(['send', 'bob', '3', '--yes'], nowhere)).status, 6);

    const terminal = runInTerminal(['send', 'bob', '4'], alice.environment);
    await terminal.sees('Pay bob');
    terminal.type('\u0003');
    t.is(await terminal.ended, 130);

    // Last, because it has to be settled before more is sent.
    relay.break(['hold-answer']);
    const held = execa(process.execPath, [payProgram, 'send', 'bob', '5', '--yes'], {
      env: alice.environment,
      extendEnv: false,
      reject: false,
    });
    await relay.held;
    held.kill('SIGINT');
    const unknown = await held;
    t.is(unknown.exitCode, 7);
    const settle = /→ .*?(pay send .*--key \S+.*)/.exec(unknown.stderr)?.[1] ?? '';
    t.is(await statusOf(...settle.split(' ').slice(1)), 0, unknown.stderr);
    t.deepEqual(await alice.json('balance'), { amount: '994.00', currency: 'GBP' });
  } finally {
    await relay.stop();
    await server.stop();
  }
});
