import type { RequestRow } from '../../../db/tables/requests.js';
import type { UserRow } from '../../../db/tables/users.js';
import { Refusal } from '../../errors.js';
import type { Book, KnownBook } from '../../ledger/book/book.js';
import { type Lookup, lookup } from '../../ledger/book/lookup.js';
import type { Moment } from '../../ledger/rule.js';
import { blockReads } from '../blocks/block.js';
import type { RequestView } from './wire.js';

export const requestNotFound = () =>
  new Refusal('NOT_FOUND', 'You have no request with this id.', { see: 'listRequests' });

/** The lookups of every act on a request: the request and the users on both its sides. */
export function requestReads(book: KnownBook, requestId: number): readonly Lookup[] {
  const request = book.peek('requests', { id: requestId });
  return [
    lookup('requests', { id: requestId }),
    ...(request ? [request.requester_id, request.payer_id].map((id) => lookup('users', { id })) : []),
  ];
}

/** The same lookups, and those that tell whether the two deal with each other. */
export function dealingReads(book: KnownBook, requestId: number): readonly Lookup[] {
  const request = book.peek('requests', { id: requestId });
  return [
    ...requestReads(book, requestId),
    ...(request ? blockReads(request.payer_id, request.requester_id) : []),
  ];
}

export interface Sides {
  readonly request: RequestRow;
  readonly requester: UserRow;
  readonly payer: UserRow;
}

/** Whether the request's time is up by both clocks, so that none that is ahead ends it early. */
export function isExpired(request: RequestRow, { now, machineNow }: Moment): boolean {
  return Math.min(now, machineNow) >= request.expires_at;
}

/**
 * The pending request that the user may act on from this side. Throws NOT_FOUND for one that is not the user's,
 * NOT_YOUR_REQUEST for the other side, REQUEST_CLOSED for one that is closed or whose time is up.
 */
export function openRequest(
  book: Book,
  requestId: number,
  userId: number,
  side: 'requester' | 'payer',
  moment: Moment,
): Sides {
  const request = book.find('requests', { id: requestId });
  if (!request || (request.requester_id !== userId && request.payer_id !== userId)) {
    throw requestNotFound();
  }
  if (request[`${side}_id`] !== userId) {
    const who = side === 'payer' ? 'the one who is asked' : 'the one who asks';
    throw new Refusal('NOT_YOUR_REQUEST', `Only ${who} can do this.`);
  }
  if (request.status !== 'pending' || isExpired(request, moment)) {
    const status = request.status === 'pending' ? 'expired' : request.status;
    throw new Refusal('REQUEST_CLOSED', `The request is closed: ${status}.`, {
      figures: { requestStatus: status },
    });
  }
  return {
    request,
    requester: book.get('users', { id: request.requester_id }),
    payer: book.get('users', { id: request.payer_id }),
  };
}

export function viewOf({ requester, payer }: Sides, request: RequestRow): RequestView {
  return { request, requester: requester.username, payer: payer.username };
}
