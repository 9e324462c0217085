import assert from 'node:assert/strict';
import type { Knex } from 'knex';
import type { Database } from '../../../db/connect.js';
import { countRows } from '../../../db/count-rows.js';
import type { RequestRow, RequestStatus } from '../../../db/tables/requests.js';
import { findUserByName } from '../accounts/user-store.js';
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

interface Page {
  readonly after: string | undefined;
  readonly limit: number;
}

type ViewRow = RequestRow & { requester_name: string; payer_name: string };

const viewOf = ({ requester_name, payer_name, ...request }: ViewRow): RequestView => ({
  request,
  requester: requester_name,
  payer: payer_name,
});

type Query = Knex.QueryBuilder<ViewRow, ViewRow[]>;

/** Requests `q` with the names of both sides. */
function withNames(requests: Knex.QueryBuilder): Query {
  return requests
    .join('users as r', 'r.id', 'q.requester_id')
    .join('users as p', 'p.id', 'q.payer_id')
    .select('q.*', 'r.username as requester_name', 'p.username as payer_name') as Query;
}

const views = (readers: Database): Query => withNames(readers('requests as q'));

/** Leaves the requests of which the user is one of the two sides. */
function ofUser(query: Query, userId: number): Query {
  return query.where((own) => own.where('q.requester_id', userId).orWhere('q.payer_id', userId));
}

const sides = {
  outgoing: { own: 'q.requester_id', other: 'q.payer_id' },
  incoming: { own: 'q.payer_id', other: 'q.requester_id' },
} as const;

/** The requests of one direction that the filters leave, newest first: an index has those of each side in their order. */
function ofDirection(
  readers: Database,
  { own, other }: (typeof sides)[keyof typeof sides],
  [userId, otherId]: readonly [userId: number, otherId: number | undefined],
  filters: RequestFilters,
  page: Page,
): Knex.QueryBuilder {
  const query = readers('requests as q')
    .select('q.*')
    .where(own, userId)
    .orderBy('q.id', 'desc')
    .limit(page.limit);
  if (otherId !== undefined) {
    query.where(other, otherId);
  }
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

/** The requests that a page is made of: as many of each direction as there may be on it. None where the other side is nobody. */
async function requestsQuery(
  readers: Database,
  userId: number,
  filters: RequestFilters,
  page: Page,
): Promise<{ readonly query: Query } | undefined> {
  const otherId = filters.with === undefined ? undefined : (await findUserByName(readers, filters.with))?.id;
  if (filters.with !== undefined && otherId === undefined) {
    return undefined;
  }
  const directions = filters.direction === undefined ? Object.values(sides) : [sides[filters.direction]];
  const [first, ...rest] = directions.map((side) =>
    readers.select('*').from(ofDirection(readers, side, [userId, otherId], filters, page).as('part')),
  );
  assert(first !== undefined, 'A request goes in one direction or the other.');
  const found = rest.length === 0 ? first : first.unionAll(rest);
  const query = withNames(readers.from(found.as('q')));
  return { query: query.orderBy('q.id', 'desc').limit(page.limit) as Query };
}

/** A user's requests, newest first, from after the request `after`. */
export async function listRequests(
  ...asked: Parameters<typeof requestsQuery>
): Promise<readonly RequestView[]> {
  const found = await requestsQuery(...asked);
  return found ? (await found.query).map(viewOf) : [];
}

export async function countRequests(...asked: Parameters<typeof requestsQuery>): Promise<number> {
  const found = await requestsQuery(...asked);
  return found ? countRows(asked[0], found.query) : 0;
}

/** A request as one of its two sides sees it; undefined when it is none of theirs. */
export async function findRequest(
  readers: Database,
  userId: number,
  requestId: number,
): Promise<RequestView | undefined> {
  const [row] = await ofUser(views(readers).where('q.id', requestId), userId).limit(1);
  return row && viewOf(row);
}

/** The requests of these numbers, as one of their two sides sees them, in no order. */
export async function findRequests(
  readers: Database,
  userId: number,
  requestIds: readonly number[],
): Promise<readonly RequestView[]> {
  return (await ofUser(views(readers).whereIn('q.id', requestIds), userId)).map(viewOf);
}

/** All requests of a collection, newest first: of them there are few. */
export async function listRequestsOfCollection(
  readers: Database,
  collectionId: number,
): Promise<readonly RequestView[]> {
  return (await views(readers).where('q.collection_id', collectionId).orderBy('q.id', 'desc')).map(viewOf);
}

/** The pending requests whose time is up first, or was, and of those at once the older before the newer. */
export async function listFirstToExpire(
  readers: Database,
  limit: number,
): Promise<readonly Pick<RequestRow, 'id' | 'expires_at'>[]> {
  return readers('requests')
    .select('id', 'expires_at')
    .where('status', 'pending')
    .orderBy(['expires_at', 'id'])
    .limit(limit);
}
