import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { connectTime } from '../../thrift/client.js';
import { startTimeService } from '../../thrift/service.js';
import { certificateFiles } from '../tls/support/certificates.js';

const payTimeFile = join(import.meta.dirname, '../../../bin/pay-time');

function payTime(...args: string[]) {
  return execa(payTimeFile, args, { reject: false, timeout: 10_000 });
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`pay-time says when it is ready, answers, and ends with 0 at ${signal}`, async (t) => {
    const running = payTime('--port', '0');
    const [line] = await once(running.stdout, 'data');
    const [, port] = /^pay-time ready 127\.0\.0\.1:(\d+)\n$/.exec(String(line)) ?? [];
    const client = connectTime({ host: '127.0.0.1', port: Number(port) });
    const beforeMs = Date.now();
    const micros = await client.currentTimeMicros();
    t.true(micros >= beforeMs * 1_000 && micros < (Date.now() + 1) * 1_000);
    t.regex(await client.currentTimestamp(), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    running.kill(signal);
    const { exitCode, stdout, stderr } = await running;
    t.deepEqual([exitCode, stdout, stderr], [0, `pay-time ready 127.0.0.1:${port}`, '']);
    client.close();
  });
}

test('an address in use is refused with what to do, and 1', async (t) => {
  const service = await startTimeService({ host: '127.0.0.1', port: 0 });
  const { exitCode, stdout, stderr } = await payTime('--port', String(service.port));
  t.deepEqual([exitCode, stdout], [1, '']);
  t.is(
    stderr,
    `pay-time: 127.0.0.1:${service.port} is in use. End what listens there, or choose another port with --port.`,
  );
  await service.close();
});

test('a host that is not of this machine is refused with what to do, and 1', async (t) => {
  const { cert, key } = await certificateFiles(t);
  const tls = ['--tls-cert', cert, '--tls-key', key];
  const { exitCode, stderr } = await payTime('--host', '192.0.2.1', '--port', '0', ...tls);
  t.is(exitCode, 1);
  t.regex(stderr, /192\.0\.2\.1 is no address of this machine.*--host/);
});

test('an address that other machines reach is refused without a certificate, with what to do, and 2', async (t) => {
  const { exitCode, stdout, stderr } = await payTime('--host', '0.0.0.0', '--port', '0');
  t.deepEqual([exitCode, stdout], [2, '']);
  t.regex(stderr, /0\.0\.0\.0 other machines can ask.*--tls-cert and --tls-key.*--time-ca/);
});

test('a certificate that cannot be shown is refused with the flag and the reason', async (t) => {
  const { cert, key } = await certificateFiles(t);
  const other = await certificateFiles(t);
  const early = await certificateFiles(t, new Date('2100-01-01T00:00:00Z'));
  const half = `${cert}.half`;
  const pem = await readFile(cert, 'utf8');
  await writeFile(half, `${pem}\n${pem.slice(0, 300)}`);
  const refusals: readonly (readonly [string, string, RegExp])[] = [
    [cert, other.key, /--tls-key .* does not belong to --tls-cert/],
    [key, cert, /--tls-cert .* holds no certificate in PEM form/],
    [cert, cert, /--tls-key .* holds no private key/],
    [cert, `${key}.none`, /--tls-key .* cannot be read \(ENOENT\)/],
    ['/dev/zero', key, /--tls-cert \/dev\/zero is larger than 1 MiB/],
    [
      half,
      key,
      /--tls-cert .*half, with what follows it there, cannot be shown to a server \(bad end line\)/,
    ],
    [early.cert, early.key, /--tls-cert .* is not valid before Jan {2}1 00:00:00 2100 GMT/],
  ];
  for (const [certPath, keyPath, expected] of refusals) {
    const { exitCode, stderr } = await payTime('--port', '0', '--tls-cert', certPath, '--tls-key', keyPath);
    t.is(exitCode, 1);
    t.regex(stderr, expected);
  }
  const { exitCode, stderr } = await payTime('--port', '0', '--tls-cert', cert);
  t.is(exitCode, 2);
  t.regex(stderr, /give both or neither/);
});

for (const args of [
  ['--port', '65536'],
  ['--port', '-1'],
  ['--port', '1e3'],
  ['--port'],
  ['--prot', '1'],
  ['start'],
]) {
  test(`pay-time ${args.join(' ')} is refused with 2`, async (t) => {
    const { exitCode, stdout, stderr } = await payTime(...args);
    t.deepEqual([exitCode, stdout], [2, '']);
    t.regex(stderr, /^error: /);
  });
}

test('help is --help, and nothing else is', async (t) => {
  const [word, flag] = [await payTime('help'), await payTime('--help')];
  t.is(word.exitCode, 0, word.stderr);
  t.is(word.stdout, flag.stdout);
  t.is((await payTime('help', 'port')).exitCode, 2);
});

test('--help shows the flags and ends with 0', async (t) => {
  const { exitCode, stdout } = await payTime('--help');
  t.is(exitCode, 0);
  t.regex(stdout, /--host <host>.*127\.0\.0\.1/);
  t.regex(stdout, /--port <port>.*10000/);
});
