/** Gives microseconds since 1970 (UTC). */
export type Clock = () => number;

/** The machine's own clock: for sessions and deadlines, never for a payment. */
export const machineMicros: Clock = () => Math.round((performance.timeOrigin + performance.now()) * 1000);

/** RFC 3339 in UTC with microseconds. */
export function timeText(micros: number): string {
  const milliseconds = Math.floor(micros / 1000);
  const rest = String(micros - milliseconds * 1000).padStart(3, '0');
  return `${new Date(milliseconds).toISOString().slice(0, -1)}${rest}Z`;
}
