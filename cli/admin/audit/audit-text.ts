import type { AuditRecordJson } from '../../../server/features/audit/wire.js';
import type { Context } from '../../context.js';
import { moneyText } from '../../terminal/money.js';
import type { Column } from '../../terminal/table.js';
import { localTime, relativeTime } from '../../terminal/time.js';

type Detail = AuditRecordJson['before'];

function isMoney(value: unknown): value is { amount: string; currency: string } {
  const { amount, currency } = (value ?? {}) as Record<string, unknown>;
  return typeof amount === 'string' && typeof currency === 'string';
}

const isInstant = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;

function valueText(value: unknown, locale: string | undefined): string {
  if (isMoney(value)) {
    return moneyText(value, locale);
  }
  if (value === null) {
    return 'unset';
  }
  if (typeof value === 'string' && isInstant.test(value)) {
    return localTime(value);
  }
  if (Array.isArray(value)) {
    return value.map((one) => valueText(one, locale)).join(', ');
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const words = (name: string) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function oneChange(name: string, old: string | undefined, fresh: string | undefined): string[] {
  if (old === fresh) {
    return [];
  }
  const change = fresh === undefined ? `${old} → gone` : old === undefined ? fresh : `${old} → ${fresh}`;
  return [`${words(name)} ${change}`];
}

/** What an act has changed, in words: "status active → frozen, balance 1.00 GBP → 2.00 GBP". */
export function changeText(before: Detail, after: Detail, locale?: string): string {
  const textOf = (detail: Detail, name: string) =>
    detail !== null && Object.hasOwn(detail, name) ? valueText(detail[name], locale) : undefined;
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...names].flatMap((name) => oneChange(name, textOf(before, name), textOf(after, name))).join(', ');
}

/** The reason of an act, and what it changed. */
function detailText({ reason, before, after }: AuditRecordJson, locale?: string): string {
  return [reason ?? '', changeText(before, after, locale)].filter((part) => part !== '').join(' · ');
}

/** The columns of the audit trail. */
export function auditColumns({
  stdout: { pen },
  locale,
  now,
}: Pick<Context, 'stdout' | 'locale' | 'now'>): Column<AuditRecordJson>[] {
  const dim = (text: string) => pen.dim(text);
  return [
    { header: 'when', people: ({ at }) => relativeTime(at, now()), paint: dim },
    { header: 'who', people: ({ actor }) => actor ?? '–', mayShrink: true },
    {
      header: 'did',
      people: ({ action }) => action,
      paint: (text, { action }) => (action.endsWith('.refused') ? pen.yellow(text) : text),
    },
    { header: 'to', people: ({ subject }) => subject ?? '–', mayFold: 'late' },
    { header: 'from', people: ({ address }) => address, paint: dim },
    {
      header: 'why and what',
      people: (record) => detailText(record, locale),
      mayWrap: true,
      mayFold: true,
    },
  ];
}

const json = (detail: Detail) => (detail === null ? '' : JSON.stringify(detail));

/** The names of a record's cells, for a pipe. */
export const auditCellNames = 'id at actor action subject address requestId reason before after'.split(' ');

/** The cells of a record for a pipe, by these names. */
export function auditCells(record: AuditRecordJson): string[] {
  const { id, at, actor, action, subject, address, requestId, reason, before, after } = record;
  return [
    ...[id, at, actor ?? '', action, subject ?? '', address, requestId],
    ...[reason ?? '', json(before), json(after)],
  ];
}
