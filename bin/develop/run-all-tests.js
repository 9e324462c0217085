import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import { root } from '../build/sources.js';
import { failedFiles } from './failed-files.js';
import { avaProgram, testFiles } from './run-ava.js';

/** The most failed files that are run again: more than so many are no accident. */
const mostAgain = 3;

/** Runs ava with these words, shows what it writes, and gives that and the status. */
async function run(words, environment = {}) {
  const { FORCE_COLOR = process.stdout.isTTY ? '1' : undefined } = process.env;
  const child = spawn(process.execPath, [avaProgram, ...words], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...environment, ...(FORCE_COLOR === undefined ? {} : { FORCE_COLOR }) },
  });
  const parts = [];
  child.stdout.on('data', (part) => {
    parts.push(part);
    process.stdout.write(part);
  });
  const [status] = await once(child, 'close');
  return { status: status ?? 1, written: stripVTControlCharacters(Buffer.concat(parts).toString()) };
}

/** What test files find by their environment, so that each need not start its own. It ends with this process. */
async function startShared() {
  const support = '../../dist/test/support';
  const { startPayServer } = await import(`${support}/server-process.js`);
  const { isPostgresInstalled } = await import(`${support}/postgres-installed.js`);
  const { postgresServer } = await import(`${support}/postgres.js`);
  const [server, postgres] = await Promise.all([startPayServer(), isPostgresInstalled() && postgresServer()]);
  return {
    stop: () => server.stop(),
    environment: {
      TEST_PAY_SERVER: server.url,
      TEST_PAY_SERVER_DATA: server.dataDir,
      ...(postgres && { TEST_PAY_POSTGRES: postgres }),
    },
  };
}

async function runBesideShared(words) {
  const shared = await startShared();
  try {
    return await run(words, shared.environment);
  } finally {
    await shared.stop();
  }
}

/** Ends this process with the status, once nothing is under way. What stops PostgreSQL at the end would end it with 0. */
function endWith(status) {
  process.exitCode = status;
  process.once('exit', () => {
    process.exitCode = status;
  });
}

/**
 * Runs all tests, or those of the files that are named. They drive real programs and terminals, several files at once: where the
 * machine stands still for a while one may wait in vain. So a few files that failed run once more, alone, and that is said; what
 * is broken fails there, too.
 */
export async function runAllTests(words) {
  const first = await runBesideShared(words);
  const failed = first.status === 0 ? [] : failedFiles(first.written, testFiles(''));
  if (failed.length === 0 || failed.length > mostAgain) {
    endWith(first.status);
    return;
  }
  process.stderr.write(`pay: once more, alone, what failed: ${failed.join(', ')}\n`);
  for (const file of failed) {
    const again = await run(['--concurrency', '1', '--serial', file]);
    if (again.status !== 0) {
      endWith(again.status);
      return;
    }
  }
  process.stderr.write(`pay: passed alone, and failed beside others: ${failed.join(', ')}\n`);
}
