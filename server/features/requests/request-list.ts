import * as z from 'zod';
import { microsOf } from '../../clock.js';
import { csvOf } from '../../http/answer/csv.js';
import type { List } from '../../http/answer/list-answer.js';
import { boundedQuery } from '../../http/contract/bounded-query.js';
import { pageQuery } from '../../http/contract/page.js';
import { instantSchema } from '../../money/fields.js';
import { nameKey } from '../accounts/user-store.js';
import { usernameSchema } from '../accounts/wire.js';
import type { RequestParts } from './request-parts.js';
import { countRequests, listRequests } from './request-store.js';
import { type RequestView, requestJson, requestStatuses } from './wire.js';

/** The filters of the list of requests. */
export const requestListQuery = boundedQuery({
  ...pageQuery,
  direction: z.enum(['incoming', 'outgoing']).optional(),
  status: z.enum(requestStatuses).optional(),
  with: usernameSchema.optional().meta({ description: 'Only with this other side.' }),
  since: instantSchema.optional().meta({ description: 'Inclusive.' }),
  until: instantSchema.optional().meta({ description: 'Exclusive.' }),
});

type ListQuery = Omit<z.output<typeof requestListQuery>, 'cursor' | 'limit'>;

const csv = csvOf(
  [
    'id',
    'status',
    'requester',
    'payer',
    'amount',
    'currency',
    'memo',
    'collectionId',
    'reason',
    'paymentId',
    'createdAt',
    'expiresAt',
    'closedAt',
  ],
  (view: RequestView) => {
    const { amount, ...others } = requestJson(view);
    return { ...others, ...amount };
  },
);

/** The requests to a user and from them. */
export function requestList({ lists, lists: { readers } }: RequestParts, userId: number): List<RequestView> {
  return {
    name: 'requests',
    lists,
    async open(filters) {
      const { direction, status, with: other, since, until } = filters as ListQuery;
      const wanted = {
        direction,
        status,
        with: other && nameKey(other),
        sinceMicros: since === undefined ? undefined : microsOf(since),
        untilMicros: until === undefined ? undefined : microsOf(until),
      };
      return {
        readPage: (part) => listRequests(readers, userId, wanted, part),
        count: (part) => countRequests(readers, userId, wanted, part),
      };
    },
    idOf: ({ request }) => String(request.id),
    jsonOf: requestJson,
    csv,
  };
}
