import { access, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { until } from '../../support/until.js';
import { startPayServer } from '../support/pay-server.js';
import { register } from '../support/person.js';
import { startRelay } from '../support/relay.js';
import { makeFolder, plainEnvironment, type Run, runPay } from '../support/run-pay.js';

const server = await startPayServer();
const relay = await startRelay(server);
const alice = await register(relay, 'alice', 'GBP');
await register(server, 'bob', 'GBP');
await alice.json('send', 'bob', '1', '--yes', '--memo', 'tea\tand\ncake');

test.after.always(async () => {
  await relay.stop();
  await server.stop();
});

const tab = (...words: string[]): Promise<Run> => alice.pay('complete', '--', ...words);

/** Presses Tab until there is something, which a busy machine may put off to the next time. */
async function patiently(...words: string[]): Promise<string> {
  return until(`something to complete ${words.join(' ')}`, async () => {
    const { stdout } = await tab(...words);
    return !stdout.startsWith(':') && stdout;
  });
}

test.serial(
  'each candidate is a line, its description text only, and the last line is for the script',
  async (t) => {
    t.is(await patiently('send', 'bo'), 'bob\t1.00 GBP to bob: tea‹U+0009›and‹U+000A›cake\n:36\n');
    t.is((await tab('history', '--format=bean')).stdout, 'beancount\t\n:36\n');
    t.is((await tab('send', '--file', '')).stdout, ':32\n');
  },
);

test.serial('while the values are fresh nothing is asked of the server', async (t) => {
  await patiently('send', '');
  const before = relay.requests();
  t.regex((await tab('send', '')).stdout, /^bob\t/);
  t.regex((await tab('history', '--with', '')).stdout, /^bob\t/);
  t.is(relay.requests(), before);
});

test.serial('where the server is gone, or another, there is silence and the end is good', async (t) => {
  const folder = await makeFolder();
  const session = { credentialId: 'x', store: 'file', expiresAt: '2030-01-01T00:00:00.000000Z' };
  for (const address of ['https://127.0.0.1:9', server.url]) {
    const profiles = { alice: { server: address, username: 'alice', currency: 'GBP', session } };
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'config.json'), JSON.stringify({ current: 'alice', profiles, pins: {} }));
    await writeFile(join(folder, 'credentials.json'), JSON.stringify({ x: 'pay_ses_none' }));
    const run = await runPay(['complete', '--', 'send', ''], plainEnvironment(folder));
    t.deepEqual(run, { status: 0, stdout: ':36\n', stderr: '' }, address);
  }
});

test.serial(
  'where the folder is damaged, or nobody is logged in, commands and flags are completed',
  async (t) => {
    const folder = await makeFolder();
    const environment = plainEnvironment(folder, { PAY_SERVER: server.url });
    t.deepEqual(await runPay(['complete', '--', 'send', ''], environment), {
      status: 0,
      stdout: ':36\n',
      stderr: '',
    });
    await t.throwsAsync(access(join(folder, 'cache')));
    await writeFile(join(folder, 'config.json'), '{');
    const { status, stdout, stderr } = await runPay(['complete', '--', 'bala'], environment);
    t.is(status, 0);
    t.is(stderr, '');
    t.regex(stdout, /^balance\t/);
    for (const words of [[], ['--'], ['--', '--profile'], ['--', 'send', '--memo'], ['nonsense']]) {
      const run = await runPay(['complete', ...words], environment);
      t.is(run.status, 0, words.join(' '));
      t.is(run.stderr, '', words.join(' '));
    }
  },
);

test.serial('values that a shell would read as more than themselves are left out', async (t) => {
  const folder = await makeFolder();
  const profile = { server: server.url, username: 'alice', currency: 'GBP' };
  const names = [
    'work',
    'my home',
    '$(touch x)',
    '`x`',
    '-x',
    "it's",
    '~',
    '=x',
    'a;b',
    'alice@127.0.0.1:8443',
  ];
  const profiles = Object.fromEntries(names.map((name) => [name, profile]));
  await writeFile(join(folder, 'config.json'), JSON.stringify({ profiles, pins: {} }));
  const { stdout } = await runPay(['complete', '--', 'profiles', 'use', ''], plainEnvironment(folder));
  t.deepEqual(
    stdout.split('\n').map((line) => line.replace(/\t.*/, '')),
    ['work', 'alice@127.0.0.1:8443', ':36', ''],
  );
});

test.serial('logging out forgets what Tab knew', async (t) => {
  await patiently('send', '');
  const filesIn = async () => (await readdir(join(alice.folder, 'cache'), { recursive: true })).join(' ');
  t.regex(await filesIn(), /alice/);
  t.is((await alice.pay('logout')).status, 0);
  t.notRegex(await filesIn(), /alice/);
  t.is((await tab('send', '')).stdout, ':36\n');
});

test('the script of each shell is printed, and another shell is usage', async (t) => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { status, stdout } = await alice.pay('completion', shell);
    t.is(status, 0);
    t.regex(stdout, /complete -- /);
  }
  const { status, stderr } = await alice.pay('completion', 'csh');
  t.is(status, 2);
  t.regex(stderr, /There is one for bash, zsh and fish/);
  t.is((await alice.pay('completion')).status, 2);
});
