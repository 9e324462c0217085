import { type List, listAnswer } from '../../http/answer/list-answer.js';
import { listAnswers } from '../../http/contract/page.js';
import { defineRoute } from '../../http/contract/route.js';
import type { Lists } from '../lists/lists.js';
import { auditCsv } from './audit-csv.js';
import { type AuditFilterQuery, auditFilters, auditQuerySchema } from './audit-query.js';
import { countAudit, listAudit } from './audit-store.js';
import { type AuditView, auditRecordJson, auditRecordSchema } from './wire.js';

export interface AuditParts {
  readonly lists: Lists;
}

export function auditRoutes(parts: AuditParts) {
  return [listRoute(parts)];
}

function listRoute({ lists, lists: { readers } }: AuditParts) {
  const trail: List<AuditView> = {
    name: 'audit',
    lists,
    async open(filters) {
      const wanted = auditFilters(filters as AuditFilterQuery);
      return {
        readPage: (part) => listAudit(readers, wanted, part),
        count: (part) => countAudit(readers, wanted, part),
      };
    },
    idOf: ({ record }) => String(record.id),
    jsonOf: auditRecordJson,
    csv: auditCsv,
  };
  return defineRoute({
    method: 'GET',
    path: '/v1/admin/audit',
    operationId: 'listAudit',
    tag: 'Administration',
    summary: 'Who did what, when and from where',
    description:
      'Newest first: registrations, logins and failed ones, password, profile, token and webhook acts, and every act of an administrator; payments are in their own list. As `text/csv`, and as `application/x-ndjson` with one record a line, the whole filtered trail is streamed, whatever `limit` says; with a cursor, from there on.',
    access: { who: 'user', scope: 'admin' },
    query: auditQuerySchema,
    answers: listAnswers('AuditPage', auditRecordSchema, 'records'),
    handle: (call) => listAnswer(trail, call),
  });
}
