import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { Script } from 'node:vm';

const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() });

/** A process, as far as the command line looks at it. */
function quietProcess(words, folder) {
  return {
    argv: ['node', 'pay', ...words],
    env: {
      PAY_CONFIG_DIR: folder,
      PAY_KEYCHAIN: 'off',
      PAY_TOKEN: 'none',
      // Nothing listens on this port, and nothing may: what is asked of it ends before a request is written.
      PAY_SERVER: 'https://127.0.0.1:1',
    },
    stdin: { isTTY: false },
    stdout: nowhere(),
    stderr: nowhere(),
    once() {},
    off() {},
    exit() {},
  };
}

// Functions are compiled when they are first called, and what is compiled is kept: these lead through what most commands share.
const rehearsals = [
  ['balance'],
  ['history', '--json'],
  ['send', 'bob', '1', '--yes'],
  // Profiles are there at once; whoever looks for what a server has goes on when the folder is gone, and makes it again.
  ['complete', '--', 'profiles', 'use', ''],
];

/**
 * Keeps beside a bundle what V8 makes of it, so that a command does not wait for it to be compiled again.
 * @param bundle the path of a script that gives a function of module, require and its own path
 * @param lastPath where it will lie in the end: the name of the file is kept as well
 */
export async function keepCode(bundle, lastPath) {
  const folder = mkdtempSync(join(tmpdir(), 'pay-build-'));
  try {
    const script = new Script(readFileSync(bundle, 'utf8'), { filename: lastPath });
    const module = { exports: {} };
    script.runInThisContext()(module, createRequire(bundle), bundle);
    for (const words of rehearsals) {
      await module.exports.runProcess(quietProcess(words, folder));
    }
    writeFileSync(`${bundle}.code`, script.createCachedData());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const patienceMs = 60_000;

/**
 * Keeps beside the bundles in `folder`, which will lie in `lastFolder`, what V8 makes of them in a start of pay-server: less time
 * and memory for each start.
 */
export async function keepServerCode(folder, lastFolder) {
  const data = mkdtempSync(join(tmpdir(), 'pay-build-'));
  try {
    const words = ['start', '--data', data, '--port', '0', '--time-port', '0'];
    const program = join(import.meta.dirname, 'rehearse-server.js');
    const rehearsal = spawn(process.execPath, [program, folder, lastFolder, ...words], {
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: patienceMs,
    });
    // The server says one line, when it is ready. Where no server can be started, what was compiled so far is kept.
    rehearsal.stdout.once('data', () => rehearsal.kill());
    await once(rehearsal, 'exit');
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}
