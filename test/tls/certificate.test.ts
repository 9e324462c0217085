import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import test, { type ExecutionContext } from 'ava';
import { generate } from 'selfsigned';
import { loadOrMakeCertificate } from '../../server/tls/certificate.js';
import { CertificateError } from '../../server/tls/certificate-error.js';
import { publicKeyFingerprint } from '../../server/tls/fingerprint.js';
import { hostsReaching } from '../../server/tls/hosts-reaching.js';
import { readPemFile } from '../../server/tls/read-pem.js';

const sampleFingerprint = 'SHA256:Xu4sAVi66RzzR5Vu2zzENuEGyLjHSkIZFfJ8yM4Y6e0';
const sample = `-----BEGIN CERTIFICATE-----
MIIBeDCCAR+gAwIBAgIUWO9d4RpwIVk1Yf7Xw3vPVCoZlHIwCgYIKoZIzj0EAwIw
ETEPMA0GA1UEAwwGc2FtcGxlMCAXDTI2MTEyMzAwMzY1MloYDzIxMjYxMDMwMDAz
NjUyWjARMQ8wDQYDVQQDDAZzYW1wbGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AAQLSJRA6GAXG2lsEewMVdiyP81r4LuSPuzV9NKEBeyydSDbKYl1x3wZwM0LXERn
L96c/h6N+CwXNfd97lh/8ntto1MwUTAdBgNVHQ4EFgQUzNBXUAe7zikodh9ie+hC
Zct7xqMwHwYDVR0jBBgwFoAUzNBXUAe7zikodh9ie+hCZct7xqMwDwYDVR0TAQH/
BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiAdaUs2trySX4rEUdUAN38Oo5z1aIv0
+h6w7rVQdP8BXQIgCaRbqANXTFUbXlNN/idfQZmTAEvzckAzTf+RobRm2YY=
-----END CERTIFICATE-----`;

const now = new Date('2026-11-22T18:00:00Z');
const dayMs = 24 * 60 * 60 * 1000;
const later = (days: number) => new Date(now.getTime() + days * dayMs);

async function makeFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pay-tls-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function refusal(t: ExecutionContext, attempt: Promise<unknown>): Promise<string> {
  const error = await t.throwsAsync(attempt, { instanceOf: CertificateError });
  return error?.message ?? '';
}

test('the first start makes a key on P-256 and a certificate for ten years', async (t) => {
  const dataDir = await makeFolder(t);
  const made = await loadOrMakeCertificate({ dataDir, hosts: ['pay.example.org'], now });
  const certificate = new X509Certificate(made.cert);
  t.true(made.made);
  t.is(certificate.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1');
  t.is(certificate.validFrom, 'Nov 22 18:00:00 2026 GMT');
  t.is(certificate.validTo, 'Nov 22 18:00:00 2036 GMT');
  t.false(certificate.ca);
  t.is(await readFile(join(dataDir, 'tls.key'), 'utf8'), made.key);
  t.is(await readFile(join(dataDir, 'tls.crt'), 'utf8'), made.cert);
  t.deepEqual((await readdir(dataDir)).sort(), ['tls.crt', 'tls.key']);
});

test('the certificate names localhost, the loopback addresses, the machine and the configured host', async (t) => {
  const dataDir = await makeFolder(t);
  const { cert } = await loadOrMakeCertificate({ dataDir, hosts: ['pay.example.org', '192.0.2.7'], now });
  const certificate = new X509Certificate(cert);
  for (const host of ['localhost', hostname(), 'pay.example.org', 'PAY.example.org']) {
    t.truthy(certificate.checkHost(host), host);
  }
  for (const address of ['127.0.0.1', '::1', '192.0.2.7']) {
    t.truthy(certificate.checkIP(address), address);
  }
  t.is(certificate.checkHost('other.example.org'), undefined);
});

test('another name of the machine renews the certificate only of a server that is reached by it', async (t) => {
  const [alone, open] = [await makeFolder(t), await makeFolder(t)];
  const started = (dataDir: string, host: string, machine: string) =>
    loadOrMakeCertificate({ dataDir, hosts: hostsReaching(host, machine), now });
  await started(alone, '127.0.0.1', 'before');
  t.false((await started(alone, '127.0.0.1', 'after')).made);
  await started(open, '0.0.0.0', 'before');
  t.true((await started(open, '0.0.0.0', 'after')).made);
});

test('the folder is the only place where the key can be read, and only by its owner', async (t) => {
  const dataDir = join(await makeFolder(t), 'new', 'folder');
  await loadOrMakeCertificate({ dataDir, hosts: [], now });
  t.is((await stat(dataDir)).mode & 0o777, 0o700);
  t.is((await stat(join(dataDir, 'tls.key'))).mode & 0o777, 0o600);
  t.is((await stat(join(dataDir, 'tls.crt'))).mode & 0o777, 0o600);
});

test('a key that others may read is closed to them', async (t) => {
  const dataDir = await makeFolder(t);
  await loadOrMakeCertificate({ dataDir, hosts: [], now });
  await chmod(join(dataDir, 'tls.key'), 0o644);
  await loadOrMakeCertificate({ dataDir, hosts: [], now });
  t.is((await stat(join(dataDir, 'tls.key'))).mode & 0o777, 0o600);
});

test('the second start takes what the first one made', async (t) => {
  const dataDir = await makeFolder(t);
  const first = await loadOrMakeCertificate({ dataDir, hosts: ['pay.example.org'], now });
  const second = await loadOrMakeCertificate({ dataDir, hosts: ['pay.example.org'], now: later(3000) });
  t.deepEqual(second, { ...first, made: false });
});

test('a certificate that runs out within 30 days is renewed with the same key', async (t) => {
  const dataDir = await makeFolder(t);
  const first = await loadOrMakeCertificate({ dataDir, hosts: [], now });
  t.false((await loadOrMakeCertificate({ dataDir, hosts: [], now: later(3622) })).made);
  for (const days of [3624, 9000]) {
    const renewed = await loadOrMakeCertificate({ dataDir, hosts: [], now: later(days) });
    t.true(renewed.made);
    t.is(renewed.key, first.key);
    t.is(renewed.fingerprint, first.fingerprint);
    t.is(renewed.replaced, 'certificate');
    t.true(new Date(new X509Certificate(renewed.cert).validTo) > later(days + 3600));
  }
});

test('where the key is gone another is made, and that it took the place of one is known', async (t) => {
  const dataDir = await makeFolder(t);
  const first = await loadOrMakeCertificate({ dataDir, hosts: [], now });
  t.is(first.replaced, undefined);
  await rm(join(dataDir, 'tls.key'));
  const second = await loadOrMakeCertificate({ dataDir, hosts: [], now });
  t.not(second.fingerprint, first.fingerprint);
  t.is(second.replaced, 'key');
});

test('a host that the certificate does not name brings a new one with the same key', async (t) => {
  const dataDir = await makeFolder(t);
  const first = await loadOrMakeCertificate({ dataDir, hosts: ['127.0.0.1'], now });
  const second = await loadOrMakeCertificate({ dataDir, hosts: ['10.0.0.9'], now });
  t.true(second.made);
  t.is(second.fingerprint, first.fingerprint);
  t.truthy(new X509Certificate(second.cert).checkIP('10.0.0.9'));
});

test('addresses that mean every address are no names and bring no new certificate', async (t) => {
  const dataDir = await makeFolder(t);
  await loadOrMakeCertificate({ dataDir, hosts: [], now });
  for (const host of ['0.0.0.0', '::', 'fe80::1%eth0', '']) {
    t.false((await loadOrMakeCertificate({ dataDir, hosts: [host], now })).made, host);
  }
});

test('after a crash between key and certificate the next start makes the certificate for that key', async (t) => {
  const dataDir = await makeFolder(t);
  const first = await loadOrMakeCertificate({ dataDir, hosts: [], now });
  await rm(join(dataDir, 'tls.crt'));
  await writeFile(join(dataDir, 'tls.crt.tmp'), first.cert.slice(0, 100), { mode: 0o644 });
  const healed = await loadOrMakeCertificate({ dataDir, hosts: [], now });
  t.true(healed.made);
  t.is(healed.fingerprint, first.fingerprint);
  t.deepEqual((await readdir(dataDir)).sort(), ['tls.crt', 'tls.key']);
  t.is((await stat(join(dataDir, 'tls.crt'))).mode & 0o777, 0o600);
});

test('a certificate of ours that is damaged, or of an earlier key, is made anew', async (t) => {
  const dataDir = await makeFolder(t);
  const other = await loadOrMakeCertificate({ dataDir: await makeFolder(t), hosts: [], now });
  const first = await loadOrMakeCertificate({ dataDir, hosts: [], now });
  for (const text of ['', first.cert.slice(0, 200), other.cert]) {
    await writeFile(join(dataDir, 'tls.crt'), text);
    const healed = await loadOrMakeCertificate({ dataDir, hosts: [], now });
    t.true(healed.made);
    t.is(healed.fingerprint, first.fingerprint);
  }
});

test('a key that is damaged is left alone and named', async (t) => {
  const dataDir = await makeFolder(t);
  await loadOrMakeCertificate({ dataDir, hosts: [], now });
  const path = join(dataDir, 'tls.key');
  await writeFile(path, 'not a key');
  const message = await refusal(t, loadOrMakeCertificate({ dataDir, hosts: [], now }));
  t.true(message.includes(path), message);
  t.is(await readFile(path, 'utf8'), 'not a key');
});

test("somebody else's certificate in the data folder is used, and never written over", async (t) => {
  const dataDir = await makeFolder(t);
  const theirs = await generate([{ name: 'commonName', value: 'shop.example.org' }], {
    algorithm: 'sha256',
    keySize: 2048,
    notBeforeDate: now,
    notAfterDate: later(10),
  });
  const certPath = join(dataDir, 'tls.crt');
  await writeFile(certPath, theirs.cert);
  t.regex(await refusal(t, loadOrMakeCertificate({ dataDir, hosts: [], now })), /does not belong/);
  await writeFile(join(dataDir, 'tls.key'), theirs.private);
  const loaded = await loadOrMakeCertificate({ dataDir, hosts: ['10.0.0.9'], now });
  t.false(loaded.made);
  t.is(loaded.cert, theirs.cert);
  t.regex(await refusal(t, loadOrMakeCertificate({ dataDir, hosts: [], now: later(11) })), /expired/);
  await writeFile(certPath, `${theirs.cert}\n${sample.slice(0, 300)}`);
  t.regex(await refusal(t, loadOrMakeCertificate({ dataDir, hosts: [], now })), /cannot be shown to clients/);
  await writeFile(certPath, theirs.cert);
  t.is(await readFile(certPath, 'utf8'), theirs.cert);
  await rm(certPath);
  t.regex(await refusal(t, loadOrMakeCertificate({ dataDir, hosts: [], now })), /P-256/);
});

test('a key and certificate that were given are read as they stand', async (t) => {
  const folder = await makeFolder(t);
  const dataDir = join(folder, 'unused');
  const pair = await loadOrMakeCertificate({ dataDir: folder, hosts: [], now });
  const [certPath, keyPath] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
  const given = await loadOrMakeCertificate({ dataDir, hosts: ['a.example'], certPath, keyPath, now });
  t.deepEqual(given, { ...pair, made: false });
  await t.throwsAsync(stat(dataDir), { code: 'ENOENT' });
});

test('what was given and cannot be used is named, with the reason', async (t) => {
  const folder = await makeFolder(t);
  await loadOrMakeCertificate({ dataDir: folder, hosts: [], now });
  const [certPath, keyPath] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
  const load = (given: { certPath?: string; keyPath?: string }, at = now) =>
    refusal(t, loadOrMakeCertificate({ dataDir: folder, hosts: [], ...given, now: at }));
  const junk = join(folder, 'junk');
  await writeFile(junk, 'junk');
  const missing = join(folder, 'missing');
  const encrypted = join(folder, 'encrypted');
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const cipher = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' } as const;
  await writeFile(encrypted, privateKey.export(cipher));
  const misfit = join(folder, 'misfit');
  await writeFile(misfit, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const der = join(folder, 'der');
  await writeFile(der, new X509Certificate(await readFile(certPath)).raw);
  await mkdir(join(folder, 'directory'));
  const half = join(folder, 'half');
  await writeFile(half, `${await readFile(certPath, 'utf8')}${sample.slice(0, 300)}`);

  const wrong: readonly (readonly [string, string, RegExp])[] = [
    [missing, keyPath, /--tls-cert.*missing does not exist/],
    [certPath, missing, /--tls-key.*missing does not exist/],
    [certPath, join(folder, 'directory'), /--tls-key.*cannot be read \(EISDIR\)/],
    [junk, keyPath, /--tls-cert.*no certificate in PEM/],
    [der, keyPath, /--tls-cert.*no certificate in PEM/],
    [certPath, junk, /--tls-key.*no private key in PEM/],
    [certPath, certPath, /--tls-key.*no private key in PEM/],
    [certPath, encrypted, /--tls-key.*passphrase/],
    [certPath, misfit, /misfit does not belong to the certificate/],
    [half, keyPath, /half, with what follows it there, cannot be shown to clients \(bad end line\)/],
  ];
  for (const [cert, key, expected] of wrong) {
    t.regex(await load({ certPath: cert, keyPath: key }), expected);
  }
  t.regex(await load({ certPath, keyPath }, later(4000)), /expired on Nov 22 18:00:00 2036 GMT: renew it/);
  t.regex(await load({ certPath, keyPath }, later(-1)), /not valid before/);
  t.regex(await load({ certPath }), /both or neither/);
  t.regex(await load({ keyPath }), /both or neither/);
});

test('a client that trusts the certificate file reaches the server by each of its names', async (t) => {
  const dataDir = await makeFolder(t);
  const { cert, key, fingerprint } = await loadOrMakeCertificate({ dataDir, hosts: [], now: new Date() });
  const server = createServer({ cert, key });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  for (const servername of ['localhost', '127.0.0.1', hostname()]) {
    const socket = connect({
      host: '127.0.0.1',
      port,
      ca: cert,
      servername: /^[\d.]+$/.test(servername) ? '' : servername,
    });
    await once(socket, 'secureConnect');
    t.true(socket.authorized);
    t.is(publicKeyFingerprint(socket.getPeerX509Certificate() ?? ''), fingerprint);
    socket.destroy();
  }
});

test('the fingerprint is the SHA-256 of the public key, as OpenSSL computes it', (t) => {
  // Made once with OpenSSL 3: x509 -pubkey | pkey -pubin -outform DER | dgst -sha256 -binary | base64.
  t.is(publicKeyFingerprint(sample), sampleFingerprint);
});

test('of what has no end only the beginning is read', async (t) => {
  await t.throwsAsync(readPemFile('/dev/zero', 'The TLS key'), {
    instanceOf: CertificateError,
    message: 'The TLS key /dev/zero is larger than 1 MiB: name a file in PEM form.',
  });
});
