import test from 'ava';
import fc from 'fast-check';
import { Failure } from '../../../cli/failure/failure.js';
import { periodOf, periodWords, timeOf, wholePeriod } from '../../../cli/terminal/period.js';

// A zone whose days are not those of UTC, and which has a day of 23 hours.
process.env.TZ = 'Europe/Berlin';

const now = new Date('2026-11-28T12:34:56.000Z');
const since = (text: string) => timeOf(text, '--since', now);

test('words, days, months and years begin where the reader is', (t) => {
  t.is(since('2026-11-01'), '2026-10-31T23:00:00.000Z');
  t.is(since('2026-10'), '2026-09-30T22:00:00.000Z');
  t.is(since('2026'), '2025-12-31T23:00:00.000Z');
  t.is(since('today'), '2026-11-27T23:00:00.000Z');
  t.is(since('yesterday'), '2026-11-26T23:00:00.000Z');
  t.is(since('this-month'), '2026-10-31T23:00:00.000Z');
  t.is(since('last week'), '2026-11-15T23:00:00.000Z');
});

test('7d is the same time of day seven days ago, 12h so many hours', (t) => {
  t.is(since('7d'), '2026-11-21T12:34:56.000Z');
  t.is(since('12h'), '2026-11-28T00:34:56.000Z');
  t.is(timeOf('40d', '--since', now), '2026-10-19T11:34:56.000Z');
});

test('a whole period ends where the next begins', (t) => {
  t.deepEqual(wholePeriod('2026-10', '--period', now), {
    since: '2026-09-30T22:00:00.000Z',
    until: '2026-10-31T23:00:00.000Z',
  });
  t.is(wholePeriod('2026-03-29', '--period', now).until, '2026-03-29T22:00:00.000Z');
  for (const word of periodWords) {
    const period = periodOf(word, now);
    t.true(period !== undefined && period.since < period.until, word);
  }
});

test('a full time goes on as it was written, and one without a zone is the reader’s', (t) => {
  t.is(since('2026-11-01T08:00:00.123456+01:00'), '2026-11-01T08:00:00.123456+01:00');
  t.is(since('2026-11-01T08:00'), '2026-11-01T07:00:00.000Z');
});

test('what is no time that there is, is refused and says what to write', (t) => {
  const wrong = [
    '2026-02-30',
    '2026-02-29',
    '2026-13',
    '2026-00',
    '2026-11-31T10:00:00Z',
    '2026-11-01T24:00:00Z',
  ];
  for (const text of [...wrong, '2026-11-01T10:60', '0d', '7y', 'soon', '20261101', '', '2026-1-1']) {
    const error = t.throws(() => since(text), { instanceOf: Failure }, text);
    t.is(error?.kind, 'usage', text);
    t.regex(error?.details.next?.join() ?? '', /such as 2026-11-22/);
  }
});

test('every day that there is, and no other, is taken', (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 1900, max: 2200 }), fc.nat(13), fc.nat(32), (year, month, date) => {
      const text = [year, String(month).padStart(2, '0'), String(date).padStart(2, '0')].join('-');
      const at = new Date(Date.UTC(year, month - 1, date));
      const isThere = at.toISOString().startsWith(text);
      t.is(periodOf(text, now) !== undefined, isThere, text);
    }),
  );
});
