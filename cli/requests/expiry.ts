import { Failure } from '../failure.js';
import { timeOf } from '../history/history-query.js';

const minuteMs = 60_000;
const unitsMs: Readonly<Record<string, number>> = {
  m: minuteMs,
  h: 60 * minuteMs,
  d: 24 * 60 * minuteMs,
  w: 7 * 24 * 60 * minuteMs,
};

const dayOnly = /^\d{4}-\d{2}-\d{2}$/;

/**
 * When a request is to expire, as the server takes it, from a duration (30m, 12h, 7d, 2w), a day, of which it is the
 * last second where the reader is, or a whole time. @throws Failure (usage)
 */
export function expiryOf(text: string, now: Date): string {
  const duration = /^([1-9][0-9]{0,4})([mhdw])$/.exec(text);
  if (duration) {
    return new Date(
      now.getTime() + Number(duration[1]) * (unitsMs[duration[2] ?? ''] ?? minuteMs),
    ).toISOString();
  }
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) {
    throw new Failure('usage', `--expires ${text} is no time.`, {
      next: ['Write how long, or a day or a time, such as 7d, 12h, 2026-11-22 or 2026-11-22T18:00:00Z'],
    });
  }
  return timeOf(dayOnly.test(text) ? `${text}T23:59:59` : text, '--expires');
}
