import { generateKeyPairSync } from 'node:crypto';
import test from 'ava';
import { assertUsableKey } from '../../server/tls/assert-usable-key.js';
import { CertificateError } from '../../server/tls/certificate-error.js';

test('keys that clients shake hands with are taken', (t) => {
  for (const { privateKey } of [
    generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    generateKeyPairSync('ec', { namedCurve: 'P-384' }),
    generateKeyPairSync('ec', { namedCurve: 'P-521' }),
    generateKeyPairSync('rsa', { modulusLength: 2048 }),
    generateKeyPairSync('ed25519'),
  ]) {
    t.notThrows(() => assertUsableKey(privateKey, 'tls.key'));
  }
});

test('a key that no client shakes hands with is named, with what to take instead', (t) => {
  const curve = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey;
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
  const instanceOf = CertificateError;
  t.throws(() => assertUsableKey(curve, '/etc/pay/tls.key'), {
    instanceOf,
    message: /^The TLS key \/etc\/pay\/tls\.key is on the curve secp256k1, .* P-256, P-384 or P-521\./,
  });
  t.throws(() => assertUsableKey(short, 'tls.key'), {
    instanceOf,
    message: /has 1024 bits, .* at least 2048\./,
  });
});
