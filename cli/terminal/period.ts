import { Failure } from '../failure/failure.js';

/** A time from one moment, which is part of it, to another, which is not. The days are the reader's. */
export interface Period {
  readonly since: Date;
  readonly until: Date;
}

const minuteMs = 60_000;
const unitsMs: Readonly<Record<string, number>> = { m: minuteMs, h: 60 * minuteMs };
const unitDays: Readonly<Record<string, number>> = { d: 1, w: 7 };

/** The beginning of a day where the reader is; months and days beyond their ends count on. */
function day(year: number, month: number, date = 1): Date {
  const at = new Date(2000, 0, 1);
  // The year is set apart, for the constructor takes one below 100 for one of the last century.
  at.setFullYear(year, month - 1, date);
  return at;
}

const isDay = (year: number, month: number, date: number) =>
  month >= 1 &&
  month <= 12 &&
  date >= 1 &&
  new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate() >= date;

type Named = (now: Date) => Period;

const fromToday =
  (first: number, length: number): Named =>
  (now) => {
    const [year, month, date] = [now.getFullYear(), now.getMonth() + 1, now.getDate()];
    return { since: day(year, month, date + first), until: day(year, month, date + first + length) };
  };

const monthFromThis =
  (first: number): Named =>
  (now) => {
    const [year, month] = [now.getFullYear(), now.getMonth() + 1 + first];
    return { since: day(year, month), until: day(year, month + 1) };
  };

const yearFromThis =
  (first: number): Named =>
  (now) => ({ since: day(now.getFullYear() + first, 1), until: day(now.getFullYear() + first + 1, 1) });

/** The week, from Monday on, as ISO 8601 has it. */
const weekFromThis =
  (first: number): Named =>
  (now) =>
    fromToday(7 * first - ((now.getDay() + 6) % 7), 7)(now);

const named: Readonly<Record<string, Named>> = {
  today: fromToday(0, 1),
  yesterday: fromToday(-1, 1),
  'this-week': weekFromThis(0),
  'last-week': weekFromThis(-1),
  'this-month': monthFromThis(0),
  'last-month': monthFromThis(-1),
  'this-year': yearFromThis(0),
  'last-year': yearFromThis(-1),
};

/** The words that name a period. */
export const periodWords: readonly string[] = Object.keys(named);

/** A day, a month or a year as it is written, or a word for one; undefined where the text is none that there is. */
export function periodOf(text: string, now: Date): Period | undefined {
  const word = text.toLowerCase().replaceAll(' ', '-');
  if (Object.hasOwn(named, word)) {
    return named[word]?.(now);
  }
  const [, years, months, dates] = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(text) ?? [];
  const [year, month, date] = [Number(years), Number(months ?? 1), Number(dates ?? 1)];
  if (years === undefined || !isDay(year, month, date)) {
    return undefined;
  }
  if (dates !== undefined) {
    return { since: day(year, month, date), until: day(year, month, date + 1) };
  }
  return months === undefined
    ? { since: day(year, 1), until: day(year + 1, 1) }
    : { since: day(year, month), until: day(year, month + 1) };
}

/** How long ago: so many minutes and hours, or so many days at the same time of day. */
function ago(text: string, now: Date): Date | undefined {
  const [, count, unit = ''] = /^([1-9]\d{0,4})([mhdw])$/.exec(text) ?? [];
  if (count === undefined) {
    return undefined;
  }
  const days = unitDays[unit];
  if (days === undefined) {
    return new Date(now.getTime() - Number(count) * (unitsMs[unit] ?? minuteMs));
  }
  const at = new Date(now);
  at.setDate(at.getDate() - Number(count) * days);
  return at;
}

const instant =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?$/i;

/** A time as it is written, as the server takes it; where the reader is, unless it says where. */
function written(text: string): string | undefined {
  const [, year, month, date, hour, minute, second = '0', zone] = instant.exec(text) ?? [];
  const isTime = Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
  if (year === undefined || !isDay(Number(year), Number(month), Number(date)) || !isTime) {
    return undefined;
  }
  const at = new Date(text.replace(' ', 'T'));
  if (Number.isNaN(at.getTime())) {
    return undefined;
  }
  // A full time goes on as it was written, for it may hold microseconds.
  return zone !== undefined && /T\d{2}:\d{2}:\d{2}/i.test(text) && /Z|:\d{2}$/i.test(zone)
    ? text
    : at.toISOString();
}

const examples =
  'Write a day, a month or a time, such as 2026-11-22, 2026-11, 2026-11-22T18:00:00Z, yesterday or 7d';

/**
 * A time as the server takes it, from what a person types: a time, the beginning of a day, month or year where the reader is, a
 * word such as yesterday, or how long ago (7d, 12h). @throws Failure (usage) also for a day that does not exist
 */
export function timeOf(text: string, flag: string, now: Date): string {
  const found = ago(text, now) ?? periodOf(text, now)?.since;
  const at = found === undefined ? written(text) : found.toISOString();
  if (at === undefined) {
    throw new Failure('usage', `${flag} "${text}" is no time that there is.`, { next: [examples] });
  }
  return at;
}

/** A whole period, as the server takes it. @throws Failure (usage) */
export function wholePeriod(
  text: string,
  flag: string,
  now: Date,
): { readonly since: string; readonly until: string } {
  const found = periodOf(text, now);
  if (found === undefined) {
    throw new Failure('usage', `${flag} "${text}" is no day, month or year that there is.`, {
      next: [`Write one such as 2026-11-22, 2026-11 or 2026, or: ${periodWords.join(', ')}`],
    });
  }
  return { since: found.since.toISOString(), until: found.until.toISOString() };
}

/** Refuses what is yet to come where only what has begun can be told of. @throws Failure (usage) */
export function checkBegun(text: string, since: string, now: Date): void {
  if (Date.parse(since) >= now.getTime()) {
    throw new Failure('usage', `${text} is yet to come.`, {
      next: ['Name a time that has begun, such as this-month or yesterday'],
    });
  }
}

/** The day of a time where the reader is: 2026-11-22. */
export function dayOf(timestamp: string): string {
  return dayText(new Date(timestamp));
}

/** The last day before a time, which may be the moment at which the next one begins. */
export function lastDayBefore(timestamp: string): string {
  return dayText(new Date(Date.parse(timestamp) - 1));
}

function dayText(at: Date): string {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
