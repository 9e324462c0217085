import test from 'ava';
import fc from 'fast-check';
import { machineMicros, timeText, withinMillisecond } from '../server/clock.js';

const anyMs = fc.nat({ max: 4_102_444_800_000 });

test('a time reads as RFC 3339 in UTC with all its microseconds', (t) => {
  t.is(timeText(0), '1970-01-01T00:00:00.000000Z');
  t.is(timeText(1), '1970-01-01T00:00:00.000001Z');
  t.is(timeText(999_999), '1970-01-01T00:00:00.999999Z');
  t.is(timeText(1_795_370_400_123_456), '2026-11-22T18:00:00.123456Z');
  t.is(timeText(1_709_164_800_000_010), '2024-02-29T00:00:00.000010Z');
});

test('times of one millisecond differ in their last digits, and texts sort as times do', (t) => {
  const sorts = fc.property(anyMs, fc.nat({ max: 999 }), fc.nat({ max: 2_000_000 }), (ms, micros, later) => {
    const [earlier, after] = [ms * 1000 + micros, ms * 1000 + micros + later];
    const [first, second] = [timeText(earlier), timeText(after)];
    const isWhole = Date.parse(first) === ms && first.endsWith(`${String(micros).padStart(3, '0')}Z`);
    return isWhole && (later === 0 ? first === second : first < second);
  });
  t.notThrows(() => fc.assert(sorts, { numRuns: 5_000 }));
});

test("the machine's clock shows the millisecond of the wall clock, in whole microseconds", (t) => {
  for (let reading = 0; reading < 1_000; reading += 1) {
    const beforeMs = Date.now();
    const micros = machineMicros();
    const afterMs = Date.now();
    t.true(Number.isSafeInteger(micros));
    t.true(micros >= beforeMs * 1000 && micros <= afterMs * 1000 + 999);
  }
});

test('a wall clock that is set, or runs on while the machine sleeps, takes the finer clock along', (t) => {
  const hourMs = 3_600_000;
  t.is(withinMillisecond(5_000, 5_000_250.4), 5_000_250);
  t.is(withinMillisecond(5_000 + hourMs, 5_000_250.4), (5_000 + hourMs) * 1000);
  t.is(withinMillisecond(5_000 - 3, 5_000_250.4), 4_997_999);
});

test('within one millisecond of the wall clock the time never runs backwards', (t) => {
  const forwards = fc.property(
    anyMs,
    fc.double({ min: -2_000, max: 2_000, noNaN: true }),
    fc.nat(3_000),
    (ms, off, step) => {
      const [first, second] = [
        withinMillisecond(ms, ms * 1000 + off),
        withinMillisecond(ms, ms * 1000 + off + step),
      ];
      return first <= second && Math.floor(first / 1000) === ms && Math.floor(second / 1000) === ms;
    },
  );
  t.notThrows(() => fc.assert(forwards));
});
