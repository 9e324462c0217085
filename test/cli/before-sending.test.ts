import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import anyTest, { type TestFn } from 'ava';
import { execa } from 'execa';
import { needsProc, testWith } from '../support/needs.js';
import { type PayServer, startPayServer } from './support/pay-server.js';
import { type Person, registerInside } from './support/person.js';
import { makeFolder, payProgram } from './support/run-pay.js';
import { runPayInside } from './support/run-pay-inside.js';

// What fails before a byte is sent has no unknown outcome.

const test = anyTest as TestFn<{ server: PayServer; alice: Person; token: string }>;

test.before(async (t) => {
  const server = await startPayServer();
  await registerInside(server, 'bob', 'GBP');
  const alice = await registerInside(server, 'alice', 'GBP');
  const made = (await alice.json('tokens', 'create', '--name', 'script', '--scopes', 'pay,read')) as {
    token: string;
  };
  t.context = { server, alice, token: made.token };
});

test.after.always(async (t) => {
  await t.context.server?.stop();
});

const send = ['send', 'bob', '1', '--yes', '--key'];
const balanceOf = async ({ json }: Person) => ((await json('balance')) as { amount: string }).amount;

test.serial('a token that ends with a line break is taken without it', async (t) => {
  const { alice, token } = t.context;
  for (const end of ['\n', '\r\n', '\r']) {
    const key = `end-${JSON.stringify(end).length}-${end.length}-${end.charCodeAt(0)}`;
    const { status, stderr } = await runPayInside([...send, key], {
      ...alice.environment,
      PAY_TOKEN: token + end,
    });
    t.is(status, 0, stderr);
  }
  t.is(await balanceOf(alice), '997.00');
});

test.serial('a token that no header takes is refused before anything is sent', async (t) => {
  const { alice, token } = t.context;
  for (const wrong of [`${token}\n${token}`, `${token}\u20ac`, `pay\u0001`]) {
    const { status, stderr } = await runPayInside([...send, 'wrong'], {
      ...alice.environment,
      PAY_TOKEN: wrong,
    });
    t.is(status, 2);
    t.regex(stderr, /The token holds characters that cannot be sent\. Nothing happened\./);
  }
  t.is(await balanceOf(alice), '997.00');
});

test.serial('where the own files cannot be written, nothing is sent and it is said why', async (t) => {
  const { alice, token, server } = t.context;
  const folder = await makeFolder();
  await mkdir(join(folder, 'config'));
  await writeFile(join(folder, 'config', 'pending'), 'in the way');
  await chmod(join(folder, 'config'), 0o500);
  const environment = {
    ...alice.environment,
    PAY_CONFIG_DIR: join(folder, 'config'),
    PAY_SERVER: server.url,
    PAY_TOKEN: token,
  };
  const { status, stderr } = await runPayInside(
    ['send', 'bob', '1', '--yes', '--fingerprint', server.fingerprint],
    environment,
  );
  t.is(status, 2, stderr);
  t.regex(stderr, /cannot be written: .*\.\n +→ .*PAY_CONFIG_DIR/);
  t.is(await balanceOf(alice), '997.00');
});

testWith<{ alice: Person; token: string; server: PayServer }>(needsProc)(
  'where no folder can be made below one that is there, nothing is sent and it is said why',
  async (t) => {
    const { alice, token, server } = t.context;
    const environment = {
      ...alice.environment,
      PAY_CONFIG_DIR: '/proc/pay/config',
      PAY_SERVER: server.url,
      PAY_TOKEN: token,
    };
    const words = ['request', 'bob', '1', '--yes', '--fingerprint', server.fingerprint];
    const { status, stderr } = await runPayInside(words, environment);
    t.is(status, 2, stderr);
    t.regex(stderr, /cannot be written: nothing can be made there\.\n +→ .*PAY_CONFIG_DIR/);
  },
);

test.serial('in a folder that is gone, what needs none goes on, and what does says so', async (t) => {
  const { alice } = t.context;
  const line = 'mkdir "$folder" && cd "$folder" && rmdir "$folder" && exec "$node" "$program" "$@"';
  const run = async (words: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    await execa('sh', ['-c', line, 'sh', ...words], {
      env: {
        ...alice.environment,
        folder: join(await makeFolder(), 'gone'),
        node: process.execPath,
        program: payProgram,
        ...more,
      },
      extendEnv: false,
      reject: false,
    });
  t.is((await run(['balance'])).exitCode, 0);
  for (const { exitCode, stderr } of [
    await run([...send, 'gone'], { PAY_CONFIG_DIR: 'relative' }),
    await run(['send', '--file', 'payouts.csv', '--yes']),
  ]) {
    t.is(exitCode, 2);
    t.regex(stderr, /The folder that this runs in is gone\. Nothing happened\./);
  }
  t.is(await balanceOf(alice), '997.00');
});
