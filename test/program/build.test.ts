import { cp, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import test from 'ava';
import { execa } from 'execa';
import { keepHeapsSmall } from '../../server/program/small-heaps.js';

const root = join(import.meta.dirname, '../../..');

test('a checkout builds itself and runs in a folder of any name, also where the environment is that of production', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'pay build ?*"[x]-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  for (const part of ['bin', 'cli', 'db', 'server', 'test', 'thrift', 'package.json', 'package-lock.json']) {
    await cp(join(root, part), join(folder, part), {
      recursive: true,
      verbatimSymlinks: true,
    });
  }
  // What is installed counts as newer than what it was installed from.
  await utimes(join(folder, 'package-lock.json'), 0, 0);
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  // Everything is installed: nothing may be installed into what this folder only borrows.
  const tools = join(folder, 'tools');
  await mkdir(tools);
  await writeFile(join(tools, 'npm'), '#!/bin/sh\necho npm was called >&2\nexit 1\n', { mode: 0o755 });
  const environment = {
    PATH: `${tools}:${process.env.PATH}`,
    NODE_ENV: 'production',
    npm_config_omit: 'dev',
    PAY_CONFIG_DIR: folder,
  };
  const { stdout } = await execa(join(folder, 'bin/pay'), ['help'], { env: environment, extendEnv: false });
  t.regex(stdout, /Pay people/);
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const { stdout: told } = await execa(join(folder, 'bin/pay-server'), ['--version']);
  t.is(told, version);
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
