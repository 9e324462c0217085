import test from 'ava';
import fc from 'fast-check';
import {
  codeAt,
  makeSecret,
  secretUri,
  stepAt,
  stepsOfCode,
} from '../../../server/features/second-factor/time-codes.js';
import { appCode } from '../../support/authenticator-app.js';

/** The seed of RFC 6238, appendix B, in base 32. */
const seed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const second = 1_000_000;

test('codes are those of RFC 6238', (t) => {
  // The last six digits of the eight that the appendix has.
  const codes: readonly (readonly [number, string])[] = [
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ];
  for (const [seconds, code] of codes) {
    t.is(codeAt(seed, stepAt(seconds * second)), code, String(seconds));
  }
});

const secrets = fc.constant(null).map(makeSecret);
const times = fc.integer({ min: 1_500_000_000, max: 4_000_000_000 }).map((seconds) => seconds * second);

test('codes are those that another way of making them gives, in any step', (t) => {
  fc.assert(
    fc.property(secrets, times, (secret, now) => {
      t.is(codeAt(secret, stepAt(now)), appCode(secret, stepAt(now)));
    }),
  );
});

test('the steps of a code are found as far away as is looked, and one more either way', (t) => {
  const away = fc.integer({ min: -3, max: 3 });
  fc.assert(
    fc.property(secrets, times, away, (secret, now, steps) => {
      const step = stepAt(now) + steps;
      const found = stepsOfCode(secret, codeAt(secret, step), now, 30 * second);
      // Within one step by time there is that of now and its neighbours, beyond it one more.
      t.is(found.includes(step), Math.abs(steps) <= 2);
      t.true(found.every((one) => codeAt(secret, one) === codeAt(secret, step)));
    }),
    { numRuns: 50 },
  );
});

test('a secret is 160 bits of chance, and its address says whose it is and how codes are made', (t) => {
  const secret = makeSecret();
  t.regex(secret, /^[A-Z2-7]{32}$/);
  t.not(makeSecret(), secret);
  const uri = new URL(secretUri(secret, { issuer: 'pay on example.org', username: 'a+b@c.d' }));
  t.is(decodeURIComponent(uri.pathname), '/pay on example.org:a+b@c.d');
  t.deepEqual(Object.fromEntries(uri.searchParams), {
    ...{ issuer: 'pay on example.org', secret, algorithm: 'SHA1', digits: '6', period: '30' },
  });
});
