import { Failure } from '../failure.js';
import { currencyCode } from '../terminal/amount.js';

export interface HistoryFilters {
  readonly direction?: string;
  readonly with?: string;
  readonly kind?: string;
  readonly currency?: string;
  readonly min?: string;
  readonly max?: string;
  readonly since?: string;
  readonly until?: string;
  readonly search?: string;
}

const kindNames: Readonly<Record<string, string>> = { 'opening-credit': 'opening_credit' };

const dayOnly = /^\d{4}-\d{2}-\d{2}$/;

/** A time as the server takes it. A day alone means its beginning where the reader is. */
export function timeOf(text: string, flag: string): string {
  const at = new Date(dayOnly.test(text) ? `${text}T00:00:00` : text);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text) || Number.isNaN(at.getTime())) {
    throw new Failure('usage', `${flag} ${text} is no time.`, {
      next: ['Write a day or a time, such as 2026-11-22 or 2026-11-22T18:00:00Z'],
    });
  }
  // A full time goes on as it was written, for it may hold microseconds.
  return /T.*(?:Z|[+-]\d{2}:\d{2})$/i.test(text) ? text : at.toISOString();
}

/** The filters of the flags as query parameters of GET /v1/payments. @throws Failure (usage) */
export function historyQuery(filters: HistoryFilters): Record<string, string | undefined> {
  const { kind, since, until } = filters;
  return {
    direction: filters.direction,
    with: filters.with,
    kind: kind === undefined ? undefined : (kindNames[kind] ?? kind),
    currency: currencyCode(filters.currency),
    minAmount: filters.min,
    maxAmount: filters.max,
    since: since === undefined ? undefined : timeOf(since, '--since'),
    until: until === undefined ? undefined : timeOf(until, '--until'),
    q: filters.search,
  };
}
