import type { Knex } from 'knex';
import type { Database } from '../../../db/connect.js';
import { countRows } from '../../../db/count-rows.js';
import type { RequestRow, RequestStatus } from '../../../db/tables/requests.js';
import type { RequestView } from './wire.js';

export interface RequestFilters {
  /** `incoming` asks the viewer for money, `outgoing` is the viewer's own asking. */
  readonly direction?: 'incoming' | 'outgoing' | undefined;
  readonly status?: RequestStatus | undefined;
  /** The other side's username in lower case. */
  readonly with?: string | undefined;
  /** The beginning of the time in microseconds, inclusive. */
  readonly sinceMicros?: number | undefined;
  /** The end of the time in microseconds, exclusive. */
  readonly untilMicros?: number | undefined;
}

type ViewRow = RequestRow & { requester_name: string; payer_name: string };

const viewOf = ({ requester_name, payer_name, ...request }: ViewRow): RequestView => ({
  request,
  requester: requester_name,
  payer: payer_name,
});

function views(readers: Database): Knex.QueryBuilder<ViewRow, ViewRow[]> {
  return readers('requests as q')
    .join('users as r', 'r.id', 'q.requester_id')
    .join('users as p', 'p.id', 'q.payer_id')
    .select('q.*', 'r.username as requester_name', 'p.username as payer_name') as Knex.QueryBuilder<
    ViewRow,
    ViewRow[]
  >;
}

function ofUser(query: Knex.QueryBuilder<ViewRow, ViewRow[]>, userId: number, filters: RequestFilters): void {
  const { direction } = filters;
  query.where((own) => {
    if (direction !== 'incoming') {
      own.orWhere('q.requester_id', userId);
    }
    if (direction !== 'outgoing') {
      own.orWhere('q.payer_id', userId);
    }
  });
  if (filters.with !== undefined) {
    const name = filters.with;
    query.whereRaw('case when q.payer_id = ? then r.username_key else p.username_key end = ?', [
      userId,
      name,
    ]);
  }
}

function requestsQuery(
  readers: Database,
  userId: number,
  filters: RequestFilters,
  page: { readonly after: string | undefined; readonly limit: number },
): Knex.QueryBuilder<ViewRow, ViewRow[]> {
  const query = views(readers).orderBy('q.id', 'desc').limit(page.limit);
  ofUser(query, userId, filters);
  if (filters.status !== undefined) {
    query.where('q.status', filters.status);
  }
  if (filters.sinceMicros !== undefined) {
    query.where('q.created_at', '>=', filters.sinceMicros);
  }
  if (filters.untilMicros !== undefined) {
    query.where('q.created_at', '<', filters.untilMicros);
  }
  if (page.after !== undefined) {
    query.where('q.id', '<', Number(page.after));
  }
  return query;
}

/** A user's requests, newest first, from after the request `after`. */
export async function listRequests(
  ...asked: Parameters<typeof requestsQuery>
): Promise<readonly RequestView[]> {
  return (await requestsQuery(...asked)).map(viewOf);
}

export const countRequests = (...asked: Parameters<typeof requestsQuery>): Promise<number> =>
  countRows(asked[0], requestsQuery(...asked));

/** A request as one of its two sides sees it; undefined when it is none of theirs. */
export async function findRequest(
  readers: Database,
  userId: number,
  requestId: number,
): Promise<RequestView | undefined> {
  const query = views(readers).where('q.id', requestId).limit(1);
  ofUser(query, userId, {});
  const [row] = await query;
  return row && viewOf(row);
}

/** The requests of these numbers, as one of their two sides sees them, in no order. */
export async function findRequests(
  readers: Database,
  userId: number,
  requestIds: readonly number[],
): Promise<readonly RequestView[]> {
  const query = views(readers).whereIn('q.id', requestIds);
  ofUser(query, userId, {});
  return (await query).map(viewOf);
}

/** All requests of a collection, newest first: of them there are few. */
export async function listRequestsOfCollection(
  readers: Database,
  collectionId: number,
): Promise<readonly RequestView[]> {
  return (await views(readers).where('q.collection_id', collectionId).orderBy('q.id', 'desc')).map(viewOf);
}

/** The pending requests whose time is up first, or was. */
export async function listFirstToExpire(
  readers: Database,
  limit: number,
): Promise<readonly Pick<RequestRow, 'id' | 'expires_at'>[]> {
  return readers('requests')
    .select('id', 'expires_at')
    .where('status', 'pending')
    .orderBy('expires_at')
    .limit(limit);
}
