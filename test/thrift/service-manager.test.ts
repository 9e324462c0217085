import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import test, { type ExecutionContext } from 'ava';
import { makeServiceManager } from '../../thrift/service-manager.js';
import { needsProgram, python, testWith } from '../support/needs.js';
import { startPayServer, startPayTime } from '../support/server-process.js';
import { until } from '../support/until.js';

/** A watchdog that bites after so long is told twice in that time. */
const environment = { NOTIFY_SOCKET: '/run/told', WATCHDOG_USEC: '20000' };

const listener = `
import socket, sys
told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
told.bind(sys.argv[1])
print('listening', flush=True)
while True:
    print(told.recv(4096).decode(), flush=True)
`;

/** What systemd would be told at the socket. */
async function listen(t: ExecutionContext): Promise<{ readonly socket: string; readonly heard: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'pay-notify-'));
  const socket = join(folder, 'socket');
  const child = spawn(python, ['-c', listener, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(async () => {
    child.kill();
    await rm(folder, { recursive: true, force: true });
  });
  const heard: string[] = [];
  const lines = createInterface({ input: child.stdout });
  await once(lines, 'line');
  lines.on('line', (line) => heard.push(line));
  return { socket, heard };
}

const testNotify = testWith(needsProgram('systemd-notify'), needsProgram('python3'));

testNotify('systemd hears when the server is ready, that its ledger answers, and when it ends', async (t) => {
  const { socket, heard } = await listen(t);
  const server = await startPayServer({ environment: { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '1000000' } });
  t.teardown(() => server.kill());
  await until('the watchdog is told', async () => heard.filter((line) => line === 'WATCHDOG=1').length > 1);
  t.true(heard.indexOf('READY=1') < heard.indexOf('WATCHDOG=1'), heard.join());
  t.is(await server.stop(), 0);
  await until('the end is told', async () => heard.includes('STOPPING=1'));
});

testNotify('systemd hears of the timestamp service alone', async (t) => {
  const { socket, heard } = await listen(t);
  const time = await startPayTime(0, [], { NOTIFY_SOCKET: socket });
  t.teardown(() => time.kill());
  await until('it is told to be ready', async () => heard.includes('READY=1'));
  t.is(await time.stop(), 0);
  await until('the end is told', async () => heard.includes('STOPPING=1'));
  t.false(heard.includes('WATCHDOG=1'));
});

test('the watchdog is told nothing while the ledger does not answer, and is told again when it does', async (t) => {
  const told: string[] = [];
  const manager = makeServiceManager({ environment, tell: (...words) => void told.push(...words) });
  let asked = 0;
  let answer = () => {};
  manager.ready(() => {
    asked += 1;
    return new Promise<void>((resolve) => {
      answer = resolve;
    });
  });
  await until('it is asked', async () => asked === 1);
  await new Promise((resolve) => setTimeout(resolve, 100));
  t.is(asked, 1);
  t.deepEqual(told, ['READY=1']);
  answer();
  await until('it is asked again', async () => asked === 2);
  t.deepEqual(told, ['READY=1', 'WATCHDOG=1']);
  manager.stopping();
  answer();
  await new Promise((resolve) => setTimeout(resolve, 50));
  t.deepEqual(told, ['READY=1', 'WATCHDOG=1', 'STOPPING=1']);
});

test('where nobody listens nothing is told', (t) => {
  const tell = () => t.fail();
  const manager = makeServiceManager({ environment: { WATCHDOG_USEC: '20000' }, tell });
  manager.ready(async () => tell());
  manager.stopping();
  t.pass();
});
