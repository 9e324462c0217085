import test from 'ava';
import fc from 'fast-check';
import { makeWebhookSecret, signatureOf } from '../../../../server/features/webhooks/endpoint/signature.js';
import { isSigned, ownHmac } from '../support/own-hmac.js';

test('the independent computation is right about a published vector', (t) => {
  // RFC 4231, test case 2.
  t.is(
    ownHmac('Jefe', 'what do ya want for nothing?'),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
});

test('a signature is the HMAC over time and body that a receiver computes', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(
        fc.string({ maxLength: 100 }),
        fc.nat(),
        fc.string({ unit: 'grapheme' }),
        (secret, time, body) => isSigned(signatureOf(secret, time, body), secret, body),
      ),
      { numRuns: 1_000 },
    ),
  );
});

test('another secret, time or body gives another signature', (t) => {
  const header = signatureOf('whsec_a', 1_795_456_800, '{}');
  t.regex(header, /^t=1795456800,v1=/);
  t.true(isSigned(header, 'whsec_a', '{}'));
  t.false(isSigned(header, 'whsec_b', '{}'));
  t.false(isSigned(header, 'whsec_a', '{ }'));
  t.false(isSigned(header.replace('t=1795456800', 't=1795456801'), 'whsec_a', '{}'));
});

test('secrets are long, tell what they are, and differ', (t) => {
  const secrets = Array.from({ length: 1_000 }, makeWebhookSecret);
  t.is(new Set(secrets).size, secrets.length);
  t.deepEqual(
    secrets.filter((secret) => !/^whsec_[A-Za-z0-9_-]{43}$/.test(secret)),
    [],
  );
});
