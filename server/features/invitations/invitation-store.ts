import type { Knex } from 'knex';
import type { Database } from '../../../db/connect.js';
import type { InvitationStatus } from './wire.js';

/** Leaves the invitations of this status at `now`, in microseconds. */
function narrow(query: Knex.QueryBuilder, status: InvitationStatus, now: number): void {
  if (status === 'used') {
    query.whereNotNull('i.used_at');
    return;
  }
  query.whereNull('i.used_at');
  if (status === 'revoked') {
    query.whereNotNull('i.revoked_at');
    return;
  }
  query.whereNull('i.revoked_at').where('i.expires_at', status === 'expired' ? '<=' : '>', now);
}

/** Invitations, newest first, from after the invitation `after`; `now` in microseconds says what has expired. */
export function invitationQuery(
  readers: Database,
  { status, now }: { readonly status: InvitationStatus | undefined; readonly now: number },
  page: { readonly after: string | undefined; readonly limit: number },
): Knex.QueryBuilder {
  const query = readers('invitations as i')
    .join('users as c', 'c.id', 'i.created_by')
    .leftJoin('users as u', 'u.id', 'i.used_by')
    .select('i.*', 'c.username as creator', 'u.username as user')
    .orderBy('i.id', 'desc')
    .limit(page.limit);
  if (status !== undefined) {
    narrow(query, status, now);
  }
  if (page.after !== undefined) {
    query.where('i.id', '<', Number(page.after));
  }
  return query;
}
