import test from 'ava';
import { Failure } from '../../../cli/failure/failure.js';
import { expiryOf } from '../../../cli/terminal/expiry.js';

const now = new Date('2026-11-22T18:00:00.000Z');

test('a duration counts from now', (t) => {
  t.is(expiryOf('30m', now), '2026-11-22T18:30:00.000Z');
  t.is(expiryOf('12h', now), '2026-11-23T06:00:00.000Z');
  t.is(expiryOf('7d', now), '2026-11-29T18:00:00.000Z');
  t.is(expiryOf('2w', now), '2026-12-06T18:00:00.000Z');
});

test('a day lasts until its last second where the reader is', (t) => {
  t.is(expiryOf('2026-12-01', now), new Date(2026, 11, 1, 23, 59, 59).toISOString());
});

test('a whole time goes on as it was written', (t) => {
  t.is(expiryOf('2026-12-01T08:00:00.123456+01:00', now), '2026-12-01T08:00:00.123456+01:00');
});

test('anything else is usage', (t) => {
  for (const text of ['soon', '7', '7y', '0d', '-7d', '1.5d', '2026-13-01', '2026-11-31T99:00', '100000d']) {
    const error = t.throws(() => expiryOf(text, now), { instanceOf: Failure }, text);
    t.is(error?.kind, 'usage', text);
  }
});
