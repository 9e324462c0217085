import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { serverFlag, whatIsNext } from '../../../server/program/command/what-is-next.js';
import { makeFolder, plainEnvironment, root } from '../../cli/support/run-pay.js';
import { runInTerminal } from '../../cli/support/terminal.js';

const onFreePorts = (folder: string) => ['--data', join(folder, 'data'), '--port', '0', '--time-port', '0'];

test('pay-server start says on a terminal what to type next, and where its timestamp service listens', async (t) => {
  const folder = await makeFolder();
  const words = ['start', ...onFreePorts(folder)];
  const run = runInTerminal(words, plainEnvironment(folder), 80, join(root, 'bin/pay-server'));
  await run.sees(/its timestamp service listens on 127\.0\.0\.1:\d+/);
  await run.sees(/pay-server ready https:\/\/127\.0\.0\.1:\d+/);
  await run.sees(/pay register --server https:\/\/127\.0\.0\.1:\d+ +an account/);
  await run.sees(/SHA256:\S{43}/);
  await run.sees('Stop with Ctrl-C.');
  run.type('\u0003');
  t.is(await run.ended, 0);
});

test('the line that npm start prints puts pay on the PATH, and its manual on the MANPATH', async (t) => {
  const folder = await makeFolder();
  const server = spawn(process.execPath, [join(root, 'bin/start.js'), ...onFreePorts(folder)], {
    env: { PATH: process.env.PATH ?? '' },
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(server, 'exit');
  let said = '';
  server.stderr.setEncoding('utf8').on('data', (text) => {
    said += text;
    if (!server.killed && said.includes('MANPATH"\n')) {
      server.kill('SIGTERM');
    }
  });
  t.deepEqual(await ended, [0, null], said);
  const line = /^ +(export PATH=.*)$/m.exec(said)?.[1];
  const script = `${line} && command -v pay && echo "$MANPATH" && ls "\${MANPATH%%:*}/man1/pay-send.1"`;
  const { stdout } = await execa('sh', ['-c', script], {
    env: { PATH: process.env.PATH ?? '' },
    extendEnv: false,
  });
  t.is(
    stdout,
    [join(root, 'bin/pay'), `${join(root, 'man')}:`, join(root, 'man/man1/pay-send.1')].join('\n'),
  );
});

test('no line of what to type next is wider than the terminal, and what explains a command stays beside it', (t) => {
  const server = { url: 'https://127.0.0.1:18443', fingerprint: `SHA256:${'x'.repeat(43)}` };
  const text = whatIsNext(server, 'bin/pay', 80);
  t.deepEqual(
    text.split('\n').filter((line) => line.length > 80),
    [],
  );
  t.regex(text, /^ {4}bin\/pay register --server \S+ {5}an account, with some\n {58}money to begin with$/m);
});

test('a server is named where the command line would not look for it, by an address of this machine', (t) => {
  for (const [url, flag] of [
    ['https://127.0.0.1:8443', ''],
    ['https://0.0.0.0:8443', ''],
    ['https://0.0.0.0:9443', ' --server https://127.0.0.1:9443'],
    ['https://[::]:8443', ' --server https://[::1]:8443'],
    ['https://192.0.2.7:8443', ' --server https://192.0.2.7:8443'],
  ] as const) {
    t.is(serverFlag(url), flag, url);
  }
});
