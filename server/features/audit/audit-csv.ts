import type { CsvTable } from '../../http/answer/csv.js';
import { type AuditView, auditRecordJson } from './wire.js';

const columns = [
  'id',
  'at',
  'actor',
  'action',
  'subject',
  'address',
  'requestId',
  'reason',
  'before',
  'after',
] as const;

/** The audit trail as a table, `before` and `after` as JSON. */
export const auditCsv: CsvTable<AuditView, (typeof columns)[number]> = {
  columns,
  cellsOf: (view) => ({ ...auditRecordJson(view), before: view.record.before, after: view.record.after }),
};
