/**
 * A clock that gives the wall clock's time in microseconds since 1970, finer than the milliseconds that the wall clock
 * tells. It is the monotonic clock shifted, the shift kept so that the result always lies within the millisecond that
 * the wall clock shows. So it never runs backwards unless the wall clock is set back, and follows it when it is set.
 */
export function wallClock(readings: { wallMs(): number; monotonicMicros(): number }): () => number {
  let shiftMicros = Number.NEGATIVE_INFINITY;
  return () => {
    const earliestMicros = readings.wallMs() * 1_000;
    const monotonicMicros = readings.monotonicMicros();
    shiftMicros = Math.max(shiftMicros, earliestMicros - monotonicMicros);
    shiftMicros = Math.min(shiftMicros, earliestMicros + 999 - monotonicMicros);
    return monotonicMicros + shiftMicros;
  };
}

/** The wall clock of this machine, in microseconds since 1970, as `wallClock` tells it. */
export function machineClock(): () => number {
  return wallClock({
    wallMs: Date.now,
    monotonicMicros: () => Number(process.hrtime.bigint() / 1_000n),
  });
}
