import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import test from 'ava';
import { execa } from 'execa';
import { keepHeapsSmall } from '../../server/program/process/small-heaps.js';

const root = join(import.meta.dirname, '../../..');

interface Locked {
  readonly dev?: boolean;
}

/** Root may write anywhere, so that somebody else is needed. */
const asNobody = process.getuid?.() === 0 ? { uid: 65_534 } : {};

const checkout = ['bin', 'cli', 'db', 'server', 'test', 'thrift', 'package.json', 'package-lock.json'];

async function copyInto(folder: string, parts: readonly string[]): Promise<void> {
  for (const part of parts) {
    await cp(join(root, part), join(folder, part), { recursive: true, verbatimSymlinks: true });
  }
}

/** What `npm ci --omit=dev` leaves in a checkout: the packages of the lock file that are not for developing alone. */
async function installForProduction(folder: string): Promise<void> {
  const { packages } = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8'));
  for (const [path, { dev }] of Object.entries<Locked>(packages)) {
    if (/^node_modules\/(?:@[^/]+\/)?[^/]+$/.test(path) && !dev) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await symlink(join(root, path), join(folder, path));
    }
  }
  await writeFile(join(folder, 'node_modules/.package-lock.json'), '{}');
}

test('a checkout installed for production builds itself, without its tests, and runs, in a folder of any name', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'pay build ?*"[x]-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  await copyInto(folder, checkout);
  await installForProduction(folder);
  t.false(existsSync(join(folder, 'node_modules/ava')));
  // Everything is installed: nothing may be installed into what this folder only borrows.
  const tools = join(folder, 'tools');
  await mkdir(tools);
  await writeFile(join(tools, 'npm'), '#!/bin/sh\necho npm was called >&2\nexit 1\n', { mode: 0o755 });
  const env = {
    PATH: `${tools}:${process.env.PATH}`,
    NODE_ENV: 'production',
    npm_config_omit: 'dev',
    PAY_CONFIG_DIR: folder,
    PAY_KEYCHAIN: 'off',
  };
  const options = { env, extendEnv: false };
  const { stdout } = await execa(join(folder, 'bin/pay'), ['help'], options);
  t.regex(stdout, /Pay people/);
  t.false(existsSync(join(folder, 'dist/test')));
  t.true(existsSync(join(folder, 'man/man1/pay-send.1')));
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const { stdout: told } = await execa(join(folder, 'bin/pay-server'), ['--version'], options);
  t.is(told, version);

  const data = join(folder, 'data');
  const words = ['start', '--data', data, '--port', '0', '--time-port', '0'];
  const server = execa(join(folder, 'bin/pay-server'), words, { ...options, reject: false });
  t.teardown(() => server.kill('SIGKILL'));
  const [line] = await once(server.stdout, 'data');
  const [, url = ''] = /^pay-server ready (\S+)/.exec(String(line)) ?? [];
  const { stdout: converted } = await execa(
    join(folder, 'bin/pay'),
    ['convert', '10', 'GBP', 'USD', '--json'],
    {
      env: { ...env, PAY_SERVER: url, PAY_CA: join(data, 'tls.crt') },
      extendEnv: false,
    },
  );
  t.is(JSON.parse(converted).from, 'GBP');
  server.kill();
  t.is((await server).exitCode, 0);
});

test('a lock file that is newer than what is installed, and the same, has nothing installed anew', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'pay-installed-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  await copyInto(folder, ['bin', 'package.json', 'package-lock.json']);
  await installForProduction(folder);
  const note = join(folder, 'node_modules/.package-lock.json');
  const { packages } = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8'));
  const kept = Object.entries<Locked>(packages).filter(([place, { dev }]) => place !== '' && !dev);
  const tools = join(folder, 'tools');
  await mkdir(tools);
  await writeFile(join(tools, 'npm'), '#!/bin/sh\necho npm was called >&2\nexit 1\n', { mode: 0o755 });
  const install = async (installed: readonly (readonly [string, object])[]) => {
    await writeFile(note, JSON.stringify({ packages: Object.fromEntries(installed) }));
    await utimes(note, 1, 1);
    const script = `import { installPackages } from ${JSON.stringify(join(folder, 'bin/build/ready.js'))}; installPackages(['dependencies']);`;
    const words = ['--input-type=module', '--eval', script];
    const env = { PATH: `${tools}:${process.env.PATH}` };
    return (await execa(process.execPath, words, { env, extendEnv: false, reject: false })).stderr;
  };
  t.is(await install(kept), '');
  const older = kept.map(([place, one]) => [place, place.endsWith('/koa') ? { version: '1' } : one] as const);
  t.regex(await install(older), /npm was called/);
  t.regex(await install(kept.filter(([place]) => !place.endsWith('/koa'))), /npm was called/);
});

test('a checkout that is not ready, of somebody else, says who is to make it so', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'pay-of-another-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  t.teardown(() => chmod(folder, 0o700));
  await copyInto(folder, checkout);
  const start = async () => {
    await chmod(folder, 0o555);
    const options = { ...asNobody, reject: false, env: { PATH: process.env.PATH }, extendEnv: false };
    const { exitCode, stderr } = await execa(join(folder, 'bin/pay-server'), ['start'], options);
    await chmod(folder, 0o700);
    t.is(exitCode, 1);
    return stderr;
  };
  const advice = 'Run there once, as a user who can: npm ci';
  const saying = (what: string) => `pay: ${what}, and this user cannot write ${folder} (EACCES).\n${advice}`;
  t.is(await start(), saying('what it needs is to be installed first'));
  // Not links to packages here, which somebody else may not be able to see.
  const { dependencies } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  for (const name of [...Object.keys(dependencies), 'sqlite3/build/Release']) {
    await mkdir(join(folder, 'node_modules', name), { recursive: true });
  }
  for (const file of ['sqlite3/build/Release/node_sqlite3.node', '.package-lock.json']) {
    await writeFile(join(folder, 'node_modules', file), '');
  }
  t.is(await start(), saying('it is to be built first'));
});

test('where npm is told to run no install scripts, what to do is said, and none is run', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'pay-no-scripts-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  await copyInto(folder, ['bin', 'package.json', 'package-lock.json']);
  const tools = join(folder, 'tools');
  await mkdir(tools);
  // As npm would with ignore-scripts: everything is there, and nothing is compiled.
  const npm = `#!/bin/sh
echo "$@" >> ${folder}/calls
for name in $(${process.execPath} -p "Object.keys(require('./package.json').dependencies).join(' ')"); do mkdir -p node_modules/$name; done
touch node_modules/.package-lock.json
`;
  await writeFile(join(tools, 'npm'), npm, { mode: 0o755 });
  const { exitCode, stderr } = await execa(join(folder, 'bin/pay-server'), ['start'], {
    env: { PATH: `${tools}:${process.env.PATH}` },
    extendEnv: false,
    reject: false,
  });
  t.is(exitCode, 1);
  t.regex(stderr, /sqlite3 cannot be used; npm was told to run none \(ignore-scripts\)/);
  t.regex(stderr, /^ {4}npm rebuild --ignore-scripts=false sqlite3$/m);
  t.is(await readFile(join(folder, 'calls'), 'utf8'), 'ci --no-audit --no-fund\n');
});

test('what V8 made of the server’s bundles when they were built is what V8 takes, under the flags of each', async (t) => {
  const isTaken = async (name: string) => {
    const bundle = join(root, 'dist/bundle', name);
    const [source, cachedData] = [await readFile(bundle, 'utf8'), await readFile(`${bundle}.code`)];
    return new Script(source, { filename: bundle, cachedData }).cachedDataRejected === false;
  };
  t.true(await isTaken('pay-server.cjs'));
  keepHeapsSmall();
  t.true(await isTaken('ledger-thread.cjs'));
});
