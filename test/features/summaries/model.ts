import type { PaymentRow } from '../../../db/tables/payments.js';
import type { UserRow } from '../../../db/tables/users.js';

// What the server should say, worked out from the payments one after the other, with the calendar of Intl.

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  formats.set(timeZone, format);
  return format;
}

/** The day of a time, as 2026-10-31. */
export const dayAt = (micros: number, timeZone: string) =>
  formatOf(timeZone).format(new Date(Math.floor(micros / 1000)));

/** The week of a day by its Thursday, as ISO 8601 has it. */
function weekOf(day: string): string {
  const thursday = new Date(`${day}T00:00:00Z`);
  thursday.setUTCDate(thursday.getUTCDate() - ((thursday.getUTCDay() + 6) % 7) + 3);
  const year = thursday.getUTCFullYear();
  const dayOfYear = (thursday.getTime() - Date.UTC(year, 0, 1)) / 86_400_000;
  return `${year}-W${String(Math.floor(dayOfYear / 7) + 1).padStart(2, '0')}`;
}

export function stepAt(micros: number, step: string, timeZone: string): string {
  const day = dayAt(micros, timeZone);
  return step === 'day' ? day : step === 'week' ? weekOf(day) : day.slice(0, 7);
}

const quarterHour = 15 * 60_000_000;

/** The names of all steps that a span of time touches, oldest first: no zone moves its clocks by less than this looks at. */
export function stepsWithin(since: number, until: number, step: string, timeZone: string): string[] {
  const names = new Set<string>();
  for (let at = since; at < until; at += quarterHour) {
    names.add(stepAt(at, step, timeZone));
  }
  if (until > since) {
    names.add(stepAt(until - 1, step, timeZone));
  }
  return [...names];
}

export interface Model {
  readonly users: readonly UserRow[];
  readonly payments: readonly PaymentRow[];
}

/** What a payment was for a user: minor units, negative where it was sent; undefined where it is not theirs. */
export function amountFor({ from_user_id, to_user_id, ...payment }: PaymentRow, userId: number) {
  if (from_user_id === userId) {
    return -payment.sent_amount;
  }
  return to_user_id === userId ? payment.received_amount : undefined;
}

/** What a user had just before a time, summed from the beginning. */
export const balanceBefore = ({ payments }: Model, userId: number, micros: number) =>
  payments
    .filter(({ created_at }) => created_at < micros)
    .reduce((sum, payment) => sum + (amountFor(payment, userId) ?? 0), 0);

export interface Sum {
  incoming: bigint;
  outgoing: bigint;
  count: number;
}

/** Adds amounts up by a key and a currency. */
export function summed(rows: readonly { key: string; amounts: readonly number[] }[]): Map<string, Sum> {
  const sums = new Map<string, Sum>();
  for (const { key, amounts } of rows) {
    const sum = sums.get(key) ?? { incoming: 0n, outgoing: 0n, count: 0 };
    for (const amount of amounts) {
      sum.incoming += amount > 0 ? BigInt(amount) : 0n;
      sum.outgoing += amount < 0 ? BigInt(-amount) : 0n;
    }
    sum.count += 1;
    sums.set(key, sum);
  }
  return sums;
}
