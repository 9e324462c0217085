import { execFile } from 'node:child_process';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';

const root = join(import.meta.dirname, '../../..');
const run = promisify(execFile);

/** What a program writes, and the files that Node loads for it, as its own trace tells them. */
async function traced(program: string, word: string) {
  const { stdout, stderr } = await run(process.execPath, [join(root, 'bin', program), word], {
    env: { ...process.env, NODE_DEBUG: 'module' },
  });
  const loaded = [...stderr.matchAll(/ load "(?<file>[^"]+)" for module /g)];
  return { stdout, files: loaded.map(({ groups }) => relative(root, groups?.file ?? '')) };
}

for (const program of ['pay', 'pay-server', 'pay-time']) {
  test(`${program} tells its version and loads nothing but itself and the description of the package`, async (t) => {
    const { stdout, files } = await traced(program, '--version');
    t.regex(stdout, /^\d+\.\d+\.\d+\n$/);
    t.deepEqual(files, [`bin/${program}.cjs`, 'bin/bundle.cjs', 'package.json']);
  });
}

test('what a program does load besides, the trace shows', async (t) => {
  const { files } = await traced('pay-server', '--help');
  t.true(files.some((file) => file.startsWith('node_modules/sqlite3/')));
});
