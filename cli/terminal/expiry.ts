import { Failure } from '../failure/failure.js';
import { periodOf, timeOf } from './period.js';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const unitsMs: Readonly<Record<string, number>> = {
  m: minuteMs,
  h: 60 * minuteMs,
  d: dayMs,
  w: 7 * dayMs,
};

/**
 * When something is to expire, as the server takes it, from a duration (30m, 12h, 7d, 2w), a day, of which it is the
 * last second where the reader is, or a whole time. @throws Failure (usage)
 */
export function expiryOf(text: string, now: Date): string {
  const duration = /^([1-9][0-9]{0,4})([mhdw])$/.exec(text);
  if (duration) {
    return new Date(
      now.getTime() + Number(duration[1]) * (unitsMs[duration[2] ?? ''] ?? minuteMs),
    ).toISOString();
  }
  const day = periodOf(text, now);
  if (day !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text)) {
    return new Date(day.until.getTime() - 1_000).toISOString();
  }
  if (!/^\d{4}-\d{2}-\d{2}[T ]/.test(text)) {
    throw new Failure('usage', `--expires "${text}" is no time that there is.`, {
      next: ['Write how long, or a day or a time, such as 7d, 12h, 2026-11-22 or 2026-11-22T18:00:00Z'],
    });
  }
  return timeOf(text, '--expires', now);
}

/** The same in whole days from now, as the server takes it of what lasts long: never shorter than what was said. */
export function daysUntil(text: string, now: Date): number {
  return Math.ceil((Date.parse(expiryOf(text, now)) - now.getTime()) / dayMs);
}
