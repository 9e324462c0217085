import type { Knex } from 'knex';
import type { Database } from '../../../db/connect.js';
import { countRows } from '../../../db/count-rows.js';
import type { AuditRow } from '../../../db/tables/acts.js';
import { findUserByName } from '../accounts/user-store.js';
import type { AuditView } from './wire.js';

/** The filters of the audit trail; times in microseconds. */
export interface AuditFilters {
  /** The username of whoever acted. */
  readonly actor?: string | undefined;
  /** An act, or the beginning of several up to the full stop. */
  readonly action?: string | undefined;
  /** The subject, a username or an id. */
  readonly subject?: string | undefined;
  /** The beginning of the time, inclusive. */
  readonly sinceMicros?: number | undefined;
  /** The end of the time, exclusive. */
  readonly untilMicros?: number | undefined;
}

type ViewRow = AuditRow & { readonly actor_name: string | null };

function viewOf({ actor_name, ...record }: ViewRow): AuditView {
  return { record, actor: actor_name };
}

/**
 * Narrows to acts by a pattern, which is read along the order of the list; a range of the index would have to be sorted anew
 * for each page.
 */
function narrowAction(query: Knex.QueryBuilder<ViewRow, ViewRow[]>, action: string): void {
  if (action.endsWith('.')) {
    query.whereRaw("a.action like ? escape '\\'", [`${action.replaceAll('_', '\\_')}%`]);
  } else {
    query.where('a.action', action);
  }
}

/** Filters with the names of users as the records have them. */
async function narrow(
  query: Knex.QueryBuilder<ViewRow, ViewRow[]>,
  readers: Database,
  { actor, action, subject, sinceMicros, untilMicros }: AuditFilters,
): Promise<void> {
  if (actor !== undefined) {
    const user = await findUserByName(readers, actor);
    // Nobody has the number zero.
    query.where('a.actor_id', user?.id ?? 0);
  }
  if (action !== undefined) {
    narrowAction(query, action);
  }
  if (subject !== undefined) {
    const user = await findUserByName(readers, subject);
    // One name alone has its records in order; of two they would all be sorted anew for each page.
    query.whereIn('a.subject', [...new Set([user?.username ?? subject, subject])]);
  }
  if (sinceMicros !== undefined) {
    query.where('a.at', '>=', sinceMicros);
  }
  if (untilMicros !== undefined) {
    query.where('a.at', '<', untilMicros);
  }
}

async function auditQuery(
  readers: Database,
  filters: AuditFilters,
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<{ readonly query: Knex.QueryBuilder<ViewRow, ViewRow[]> }> {
  const query = readers('audit as a')
    .leftJoin('users as u', 'u.id', 'a.actor_id')
    .orderBy('a.id', 'desc')
    .limit(page.limit)
    .select('a.*', 'u.username as actor_name') as Knex.QueryBuilder<ViewRow, ViewRow[]>;
  await narrow(query, readers, filters);
  if (page.after !== undefined) {
    query.where('a.id', '<', Number(page.after));
  }
  return { query };
}

/** The audit trail of all writers, newest first, from after the record `after`. */
export async function listAudit(...asked: Parameters<typeof auditQuery>): Promise<readonly AuditView[]> {
  const { query } = await auditQuery(...asked);
  return (await query).map(viewOf);
}

export async function countAudit(...asked: Parameters<typeof auditQuery>): Promise<number> {
  const { query } = await auditQuery(...asked);
  return countRows(asked[0], query);
}
