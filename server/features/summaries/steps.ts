import { Temporal } from 'temporal-polyfill';
import * as z from 'zod';

/** A stretch of a calendar that figures are given for. */
export const stepNames = ['day', 'week', 'month'] as const;
export type StepName = (typeof stepNames)[number];

export const isStepName = (name: string): name is StepName => (stepNames as readonly string[]).includes(name);

/** Whether the name is that of a time zone, which alone says where days begin; an offset is none, since it knows no summer. */
function isTimeZone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

export const timeZoneSchema = z
  .string()
  .max(64)
  .refine(isTimeZone, { error: 'must be a time zone of the IANA database such as Europe/London' })
  .default('UTC')
  .meta({
    description: 'The time zone, of the IANA database, whose days these are.',
    examples: ['Europe/London'],
  });

/** A step as far as it lies within what was asked for; times in microseconds, the first inclusive. */
export interface Step {
  /** The name of a step as ISO 8601 writes it: 2026-10-31, 2026-W44 or 2026-10. */
  readonly name: string;
  readonly sinceMicros: number;
  readonly untilMicros: number;
}

/** Weeks begin on Monday, as ISO 8601 has it. */
const firstDay: Readonly<Record<StepName, (day: Temporal.PlainDate) => Temporal.PlainDate>> = {
  day: (day) => day,
  week: (day) => day.subtract({ days: day.dayOfWeek - 1 }),
  month: (day) => day.with({ day: 1 }),
};

const lengths: Readonly<Record<StepName, Temporal.DurationLike>> = {
  day: { days: 1 },
  week: { weeks: 1 },
  month: { months: 1 },
};

const names: Readonly<Record<StepName, (day: Temporal.PlainDate) => string>> = {
  day: (day) => day.toString(),
  week: ({ yearOfWeek, weekOfYear }) => `${yearOfWeek}-W${String(weekOfYear).padStart(2, '0')}`,
  month: (day) => day.toPlainYearMonth().toString(),
};

const dayOf = (micros: number, timeZone: string) =>
  Temporal.Instant.fromEpochMilliseconds(Math.floor(micros / 1000))
    .toZonedDateTimeISO(timeZone)
    .toPlainDate();

/** When a day begins, in microseconds: at the first time that it has, where clocks are put forward at midnight. */
const beginningOf = (day: Temporal.PlainDate, timeZone: string) =>
  day.toZonedDateTime(timeZone).epochMilliseconds * 1000;

/** The steps of a span of time, newest first; where there are more than `most`, the newest. */
export function stepsBetween(
  { step, timeZone, most }: { readonly step: StepName; readonly timeZone: string; readonly most: number },
  sinceMicros: number,
  untilMicros: number,
): { readonly steps: readonly Step[]; readonly hasMore: boolean } {
  const steps: Step[] = [];
  let end = untilMicros;
  let day = firstDay[step](dayOf(untilMicros - 1, timeZone));
  while (end > sinceMicros && steps.length < most) {
    const begin = Math.max(beginningOf(day, timeZone), sinceMicros);
    // Where clocks crossed the date line a day is missing.
    if (begin < end) {
      steps.push({ name: names[step](day), sinceMicros: begin, untilMicros: end });
      end = begin;
    }
    day = day.subtract(lengths[step]);
  }
  return { steps, hasMore: end > sinceMicros };
}
