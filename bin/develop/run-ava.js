import { spawnSync } from 'node:child_process';
import { join, sep } from 'node:path';
import { filesBelow, root } from '../build/sources.js';

/** Whether each part is in a part of the path, in this order; cli/send is in cli/payments/send-files.test.ts. */
function isNamed(path, [part, ...rest]) {
  const at = path.findIndex((one) => one.includes(part));
  return at >= 0 && (rest.length === 0 || isNamed(path.slice(at + 1), rest));
}

/** The test files of which these are parts of the path below test/, as they lie when they are built. */
export function testFiles(parts) {
  return filesBelow(['test'])
    .filter((file) => file.endsWith('.test.ts') && isNamed(file.split(sep).slice(1), parts.split('/')))
    .map((file) => join('dist', file.replace(/\.ts$/, '.js')));
}

export const avaProgram = join(root, 'node_modules/ava/entrypoints/cli.mjs');

/** Runs ava with these words in its command line, and ends as it ends. */
export function runAva(words, environment = {}) {
  const { status } = spawnSync(process.execPath, [avaProgram, ...words], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  process.exitCode = status ?? 1;
}
