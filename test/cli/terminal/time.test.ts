import test from 'ava';
import { relativeTime, timeUntil } from '../../../cli/terminal/time.js';

test('a time to come is told in seconds below a minute, then in minutes, hours and days', (t) => {
  const now = new Date('2026-11-22T12:00:00.000Z');
  for (const [seconds, text] of [
    [-1, 'now'],
    [0, 'now'],
    [0.2, 'in 1 s'],
    [5, 'in 5 s'],
    [59, 'in 59 s'],
    [59.5, 'in 1 min'],
    [60, 'in 1 min'],
    [61, 'in 2 min'],
    [3 * 3_600, 'in 3 h'],
    [6 * 86_400, 'in 6 days'],
  ] as const) {
    const at = new Date(now.getTime() + seconds * 1_000).toISOString();
    t.is(timeUntil(at, now), text, String(seconds));
  }
  t.is(timeUntil('some day', now), 'some day');
});

test('a date of another year is told with its year, a past one as one to come', (t) => {
  const now = new Date('2028-02-29T12:00:00.000Z');
  t.is(timeUntil('2029-02-28T12:00:00Z', now, 'UTC'), 'on 28 Feb 2029');
  t.is(timeUntil('2028-06-30T12:00:00Z', now, 'UTC'), 'on 30 Jun, 12:00');
  t.is(relativeTime('2029-02-28T12:00:00Z', now, 'UTC'), '28 Feb 2029');
  t.is(relativeTime('2027-02-28T12:00:00Z', now, 'UTC'), '28 Feb 2027');
});

test('yesterday is the day before today where the reader is, as it is in a period', (t) => {
  const now = new Date('2026-11-25T01:00:00Z');
  t.is(relativeTime('2026-11-24T00:30:00Z', now, 'UTC'), 'yesterday');
  t.is(relativeTime('2026-11-23T23:00:00Z', now, 'UTC'), '2 days ago');
  t.is(relativeTime('2026-11-23T23:00:00Z', now, 'Asia/Kathmandu'), 'yesterday');
  const longDay = new Date('2026-10-25T23:50:00Z');
  t.is(relativeTime('2026-10-24T23:05:00Z', longDay, 'Europe/London'), '24 h ago');
});
