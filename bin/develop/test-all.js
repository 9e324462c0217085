import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { makeReadyToDevelop } from '../build/ready.js';
import { root } from '../build/sources.js';
import { runAllTests } from './run-all-tests.js';

const took = [];

/** Does a part of it, and notes how long it took. */
async function stage(name, act) {
  const startedAtMs = performance.now();
  try {
    return await act();
  } finally {
    took.push(`${name} ${Math.round((performance.now() - startedAtMs) / 1_000)}`);
  }
}

/** Whether a program of a package is content. */
async function passes(program, ...words) {
  const child = spawn(process.execPath, [join(root, 'node_modules', program), ...words], {
    cwd: root,
    stdio: 'inherit',
  });
  const [status] = await once(child, 'exit');
  return status === 0;
}

const isForm = () => passes('@biomejs/biome/bin/biome', 'ci', '--error-on-warnings', '.');
const isTyped = () => passes('typescript/bin/tsc');

await stage('to get ready', makeReadyToDevelop);
const checked = await Promise.all([stage('form and lint', isForm), stage('types', isTyped)]);
if (checked.every(Boolean)) {
  await stage('tests', () => runAllTests(process.argv.slice(2)));
} else {
  process.exitCode = 1;
}
process.stderr.write(`pay: seconds that it took: ${took.join(', ')}\n`);
