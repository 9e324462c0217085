import test from 'ava';
import fc from 'fast-check';
import { machineClock, wallClock } from '../../thrift/wall-clock.js';

/** What two clocks show, step by step: the wall clock may be set, the other only moves on. */
const steps = fc.array(
  fc.record({
    monotonicMicros: fc.nat(5_000),
    wallMs: fc.oneof(fc.nat(5), fc.integer({ min: -3_000, max: 3_000 })),
  }),
  { minLength: 1, maxLength: 200 },
);

function readingsOf(moves: { monotonicMicros: number; wallMs: number }[]) {
  let wallMs = 1_795_372_800_000;
  let monotonicMicros = 17;
  return moves.map((move) => {
    wallMs += move.wallMs;
    monotonicMicros += move.monotonicMicros;
    return { wallMs, monotonicMicros };
  });
}

test('the clock stays within the millisecond that the wall clock shows, and goes back only where that does', (t) => {
  const follows = fc.property(steps, (moves) => {
    let shown = { wallMs: 0, monotonicMicros: 0 };
    const now = wallClock({ wallMs: () => shown.wallMs, monotonicMicros: () => shown.monotonicMicros });
    let before = { micros: 0, wallMs: 0 };
    for (const reading of readingsOf(moves)) {
      shown = reading;
      const micros = now();
      const isWithin = Math.floor(micros / 1_000) === reading.wallMs;
      const isForward = micros >= before.micros || reading.wallMs < before.wallMs;
      if (!isWithin || !isForward) {
        return false;
      }
      before = { micros, wallMs: reading.wallMs };
    }
    return true;
  });
  t.notThrows(() => fc.assert(follows));
});

test('between two ticks of the wall clock the microseconds of the monotonic clock count', (t) => {
  let monotonicMicros = 5;
  const now = wallClock({ wallMs: () => 1_000, monotonicMicros: () => monotonicMicros });
  const first = now();
  monotonicMicros += 123;
  t.is(now() - first, 123);
});

test('the clock of this machine tells the time of this machine, and whole microseconds', (t) => {
  const now = machineClock();
  const beforeMs = Date.now();
  const micros = now();
  t.true(Number.isSafeInteger(micros));
  t.true(micros >= beforeMs * 1_000);
  t.true(micros < (Date.now() + 1) * 1_000);
});
