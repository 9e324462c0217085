import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { startTimeService } from '../../thrift/service.js';
import { makeFolder, startServer } from '../faults/support/server.js';
import { testWith } from '../support/needs.js';

const bin = join(import.meta.dirname, '../../../bin');

interface Place {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What runs the program, before Node. */
  readonly under?: readonly string[];
}

/** Runs a program in an environment of which nothing is inherited but the PATH. */
async function run(program: string, words: readonly string[], { env = {}, cwd, under = [] }: Place = {}) {
  const line = [...under, process.execPath, join(bin, `${program}.cjs`), ...words];
  const { exitCode, stdout, stderr } = await execa(line[0] ?? '', line.slice(1), {
    env: { PATH: process.env.PATH ?? '', ...env },
    extendEnv: false,
    reject: false,
    ...(cwd && { cwd }),
  });
  return { status: exitCode, stdout, stderr };
}

const start = ['start', '--port', '0', '--time-port', '0'];

for (const [what, env, says] of [
  ['an empty HOME', { HOME: '' }, /HOME is (?:empty|"")/],
  ['a relative HOME', { HOME: 'here' }, /HOME is "here", which is no absolute path/],
  [
    'relative folders of XDG',
    { HOME: '/root', XDG_CONFIG_HOME: 'here', XDG_DATA_HOME: 'here' },
    /XDG_(?:CONFIG|DATA)_HOME is "here", which is no absolute path/,
  ],
] as const) {
  test(`${what} is one clear line where no folder is named, and makes no file here`, async (t) => {
    const cwd = await mkdtemp(join(tmpdir(), 'pay-environment-'));
    t.teardown(() => rm(cwd, { recursive: true }));
    const client = await run('pay', ['profiles', 'list'], { env, cwd });
    t.is(client.status, 2);
    t.regex(client.stderr, says);
    t.regex(client.stderr, /PAY_CONFIG_DIR/);
    const server = await run('pay-server', start, { env, cwd });
    t.is(server.status, 2);
    t.regex(server.stderr, says);
    t.regex(server.stderr, /^pay-server: .*--data \(PAY_DATA_DIR\)\.$/);
    t.deepEqual(await readdir(cwd), []);
    t.is((await run('pay', ['profiles', 'list'], { env: { ...env, PAY_CONFIG_DIR: cwd }, cwd })).status, 0);
  });
}

const setsUser = { what: 'the right to be another user', isThere: () => process.getuid?.() === 0 };

testWith(setsUser)('a user without an entry and without HOME is told so in one line', async (t) => {
  const under = ['setpriv', '--reuid', '54321', '--clear-groups'];
  const client = await run('pay', ['profiles', 'list'], { under });
  t.is(client.status, 2);
  t.regex(client.stderr, /^✗ HOME is not set, and this user has no folder/);
  const server = await run('pay-server', start, { under });
  t.is(server.status, 2);
  t.regex(server.stderr, /^pay-server: HOME is not set, and this user has no folder: name .*--data/);
});

const hasFull = { what: '/dev/full', isThere: () => process.platform === 'linux' };

testWith(hasFull)(
  'help and version that cannot be written do not end with 0, and no trace is shown',
  async (t) => {
    for (const [program, ...words] of [
      ['pay', '--help'],
      ['pay', '--version'],
      ['pay', 'send', '--help'],
      ['pay', 'help', 'exit-codes'],
      ['pay-server', '--help'],
      ['pay-server', '--version'],
      ['pay-server', 'start', '--help'],
      ['pay-time', '--help'],
      ['pay-time', '--version'],
    ] as const) {
      const under = ['sh', '-c', 'exec "$@" > /dev/full', 'sh'];
      const { status, stderr } = await run(program, words, { under, env: { HOME: tmpdir() } });
      t.is(status, program === 'pay' ? 6 : 1, [program, ...words].join(' '));
      t.regex(stderr, /cannot be written/);
      t.notRegex(stderr, /^ +at /m);
    }
  },
);

test('a time port that is taken is named with its flag, and nothing of it is left', async (t) => {
  const data = await mkdtemp(join(tmpdir(), 'pay-environment-'));
  const taken = await startTimeService({ host: '127.0.0.1', port: 0 });
  t.teardown(async () => {
    await taken.close();
    await rm(data, { recursive: true });
  });
  const words = ['start', '--port', '0', '--data', data, '--time-port', String(taken.port)];
  const { status, stderr } = await run('pay-server', words, { env: { PAY_LOG_LEVEL: 'silent' } });
  t.is(status, 1);
  t.is(
    stderr,
    `pay-server: Port ${taken.port} on 127.0.0.1, for the timestamp service, is in use. ` +
      'Choose another with --time-port (PAY_TIME_PORT), 0 for a free one, or name a service that runs already with --time-address.',
  );
});

test('a start names the variables that say nothing to it, and only those', async (t) => {
  const isTold = /"variables":\[([^\]]*)\]/;
  const said = async (environment: Readonly<Record<string, string>>) => {
    const server = await startServer(t, join(await makeFolder(t), 'data'), { environment });
    t.is(await server.stop(), 0);
    return isTold.exec(server.stderr())?.[1];
  };
  const misspelt = { PAY_REGISTRATON: 'closed', PAY_LOGLEVEL: 'info' };
  const others = { PAY_TOKEN: 'none', PAY_PAGER: 'less', PAY_BACKUP_THEN: 'true', PAYMENTS: 'many' };
  t.is(
    await said({ ...misspelt, ...others, PAY_REGISTRATION: 'closed' }),
    '"PAY_REGISTRATON","PAY_LOGLEVEL"',
  );
  t.is(await said(others), undefined);
});
