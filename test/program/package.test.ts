import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { needsProgram, testWith } from '../support/needs.js';
import { type PayServerProcess, startPayServer } from '../support/server-process.js';

const root = join(import.meta.dirname, '../../..');
const description = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));

async function packed(): Promise<{
  readonly folder: string;
  readonly files: readonly string[];
  readonly bytes: number;
}> {
  const folder = await mkdtemp(join(tmpdir(), 'pay-package-'));
  const { stdout } = await execa(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
    {
      cwd: root,
    },
  );
  const [said] = Object.values<{ filename: string; size: number; files: { path: string }[] }>(
    JSON.parse(stdout),
  );
  await execa('tar', ['xzf', join(folder, String(said?.filename)), '-C', folder]);
  return { folder, files: said?.files.map(({ path }) => path) ?? [], bytes: said?.size ?? Number.NaN };
}

/** The files that a page of a package leads to, by their paths in it. */
const linksIn = (page: string, text: string) =>
  [...text.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)].map(([, to]) => join(page, '..', String(to)));

const testPackage = testWith(needsProgram('npm'), needsProgram('tar'));

testPackage('the package holds what runs and nothing else, and what is in it runs by itself', async (t) => {
  const { folder, files, bytes } = await packed();
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  t.true(bytes < 3_000_000, `${bytes} bytes`);
  t.deepEqual(
    files.filter((file) => /\.(?:map|code|ts)$|test|^bin\/(?:build|develop)\//.test(file)),
    [],
  );
  const made = join(folder, 'package');
  for (const page of files.filter((file) => file.endsWith('.md'))) {
    const links = linksIn(page, await readFile(join(made, page), 'utf8'));
    t.deepEqual(
      links.filter((link) => !files.includes(link)),
      [],
      page,
    );
  }
  await symlink(join(root, 'node_modules'), join(made, 'node_modules'));
  const tools = join(folder, 'tools');
  await mkdir(tools);
  for (const [name, file] of Object.entries<string>(description.bin)) {
    await symlink(join(made, file), join(tools, name));
  }
  const server: PayServerProcess = await startPayServer({ bin: tools });
  t.teardown(() => server.stop());
  const { stdout } = await execa(
    join(tools, 'pay'),
    [
      'register',
      ...['--username', 'alice', '--email', 'alice@example.org', '--currency', 'GBP', '--password-stdin'],
      ...['--server', server.url, '--fingerprint', server.fingerprint],
    ],
    {
      env: { PAY_CONFIG_DIR: join(folder, 'settings'), PAY_KEYCHAIN: 'off' },
      input: 'maple-7-otter-ladder\n',
    },
  );
  t.regex(stdout, /alice/);
  t.regex((await execa(join(tools, 'pay'), ['completion', 'bash'])).stdout, /^# bash completion for pay/);
});

/** Links the installed packages to a folder, sqlite3 without its binary part, as an installation without scripts leaves it. */
async function linkWithoutBinary(to: string): Promise<void> {
  const from = join(root, 'node_modules');
  await mkdir(join(to, 'sqlite3'), { recursive: true });
  for (const name of await readdir(from)) {
    if (name !== 'sqlite3') {
      await symlink(join(from, name), join(to, name));
    }
  }
  for (const name of ['lib', 'package.json']) {
    await cp(join(from, 'sqlite3', name), join(to, 'sqlite3', name), { recursive: true });
  }
}

testPackage(
  'where it was installed without scripts, the server says what is missing and how to make it',
  async (t) => {
    const { folder } = await packed();
    t.teardown(() => rm(folder, { recursive: true, force: true }));
    const made = join(folder, 'package');
    await linkWithoutBinary(join(made, 'node_modules'));
    const run = await execa(
      process.execPath,
      [join(made, 'bin/pay-server.cjs'), 'check', '--data', join(folder, 'data')],
      { reject: false },
    );
    t.is(run.exitCode, 1);
    t.is(run.stdout, '');
    t.regex(
      run.stderr,
      /^pay-server: the binary part of a package .* cannot be loaded \(Could not locate the bindings file\)\.\n/,
    );
    t.true(run.stderr.includes(`in ${await realpath(made)}:`), run.stderr);
    t.regex(run.stderr, /npm rebuild --ignore-scripts=false sqlite3$/);
  },
);

test('what is copied of other packages holds nothing of the folder that it was built in', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'pay-packages-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  await execa(process.execPath, [join(root, 'bin/build/runtime-packages.js'), folder]);
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  t.true(files.some((file) => file.endsWith('sqlite3/build/Release/node_sqlite3.node')));
  const telling: string[] = [];
  for (const file of files) {
    if ((await readFile(file)).includes(join(root, '/'))) {
      telling.push(file);
    }
  }
  t.deepEqual(telling, []);
});

test('npm is told of every page of the manual, since it links only those that it is told of', async (t) => {
  const pages = await readdir(join(root, 'man'), { recursive: true });
  t.deepEqual(
    description.man,
    pages
      .filter((page) => page.includes('.'))
      .map((page) => `man/${page}`)
      .toSorted(),
  );
});
