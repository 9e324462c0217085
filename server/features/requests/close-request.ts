import type { RequestRow } from '../../../db/tables/requests.js';
import type { Book } from '../../ledger/book/book.js';
import { type EventType, recordEvent } from '../../ledger/record-event.js';
import { defineRule, done, type Moment } from '../../ledger/rule.js';
import { isBlocked } from '../blocks/block.js';
import { dealingReads, isExpired, openRequest, requestReads, type Sides, viewOf } from './find-request.js';
import { type RequestJson, requestJson } from './wire.js';

export interface RequestAct {
  readonly userId: number;
  readonly requestId: number;
}

export interface DeclineRequest extends RequestAct {
  readonly reason: string | null;
}

function close(
  book: Book,
  sides: Sides,
  changes: Partial<RequestRow>,
  tell: { readonly userId: number; readonly type: EventType },
  moment: Moment,
): RequestJson {
  const request = book.update('requests', sides.request, { ...changes, closed_at: moment.now });
  const body = requestJson(viewOf(sides, request));
  recordEvent(book, moment, tell.userId, tell.type, body);
  return body;
}

/** Declines a request: the payer says no. Why, they cannot say to somebody who does not deal with them. */
export const declineRequest = defineRule<DeclineRequest>('decline-request', {
  needsTime: true,
  reads: (book, { requestId }) => dealingReads(book, requestId),
  decide(book, { userId, requestId, reason: given }, { moment }) {
    const sides = openRequest(book, requestId, userId, 'payer', moment);
    const reason = isBlocked(book, sides.payer.id, sides.requester.id) ? null : given;
    const tell = { userId: sides.requester.id, type: 'request.declined' } as const;
    return { status: 200, body: close(book, sides, { status: 'declined', reason }, tell, moment) };
  },
});

/** Takes a pending request back, and tells its payer. */
export function cancel(book: Book, sides: Sides, moment: Moment): RequestJson {
  const tell = { userId: sides.payer.id, type: 'request.cancelled' } as const;
  return close(book, sides, { status: 'cancelled' }, tell, moment);
}

/** Cancels a request: the requester takes it back. */
export const cancelRequest = defineRule<RequestAct>('cancel-request', {
  needsTime: true,
  reads: (book, { requestId }) => requestReads(book, requestId),
  decide(book, { userId, requestId }, { moment }) {
    const sides = openRequest(book, requestId, userId, 'requester', moment);
    return { status: 200, body: cancel(book, sides, moment) };
  },
});

/** Closes a pending request whose time is up, and tells both sides. */
export function expire(book: Book, sides: Sides, moment: Moment): void {
  const tell = { userId: sides.requester.id, type: 'request.expired' } as const;
  const body = close(book, sides, { status: 'expired' }, tell, moment);
  recordEvent(book, moment, sides.payer.id, 'request.expired', body);
}

/** Expires a request whose time is up; one that is closed already, or not yet over, stays as it is. */
export const expireRequest = defineRule<{ readonly requestId: number }>('expire-request', {
  needsTime: true,
  reads: (book, { requestId }) => requestReads(book, requestId),
  decide(book, { requestId }, { moment }) {
    const request = book.find('requests', { id: requestId });
    if (request?.status === 'pending' && isExpired(request, moment)) {
      const requester = book.get('users', { id: request.requester_id });
      const payer = book.get('users', { id: request.payer_id });
      expire(book, { request, requester, payer }, moment);
    }
    return done;
  },
});
