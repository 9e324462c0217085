/** A clock gives microseconds since 1970 (UTC). */
export type Clock = () => number;

/** The finer clock's time as far as it lies within the millisecond that the wall clock shows, else the nearest that does. */
export function withinMillisecond(wallMs: number, fineMicros: number): number {
  return Math.min(Math.max(Math.round(fineMicros), wallMs * 1000), wallMs * 1000 + 999);
}

/**
 * The machine's own clock: for sessions and deadlines, never for a payment. It follows the wall clock when that is set,
 * and over a sleep of the machine, which the monotonic clock does not count.
 */
export const machineMicros: Clock = () =>
  withinMillisecond(Date.now(), (performance.timeOrigin + performance.now()) * 1000);

/** The newest time and its text: all payments of a batch carry one. */
let newest = { micros: Number.NaN, text: '' };

/** A time as text: RFC 3339 in UTC with microseconds. */
export function timeText(micros: number): string {
  if (micros !== newest.micros) {
    newest = { micros, text: writeTime(micros) };
  }
  return newest.text;
}

function writeTime(micros: number): string {
  const milliseconds = Math.floor(micros / 1000);
  const rest = String(micros - milliseconds * 1000).padStart(3, '0');
  return `${new Date(milliseconds).toISOString().slice(0, -1)}${rest}Z`;
}

/**
 * The first whole microsecond at or after an RFC 3339 time, whose fraction may be finer. What is kept has whole ones,
 * so nothing lies between the two, and comparing with either is the same.
 */
export function microsOf(instant: string): number {
  const fraction = /\.(\d+)/.exec(instant)?.[1] ?? '';
  const seconds = Date.parse(instant.replace(/\.\d+/, ''));
  const isFiner = /[1-9]/.test(fraction.slice(6));
  return seconds * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0')) + (isFiner ? 1 : 0);
}
