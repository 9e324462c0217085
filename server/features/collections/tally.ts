import type { RequestRow, RequestStatus } from '../../../db/tables/requests.js';
import type { Tally } from './wire.js';

/** The sum of a status: so many requests of it in a collection, and what they ask for in all, in minor units. */
export interface StatusSum {
  readonly status: RequestStatus;
  readonly count: number;
  readonly amount: number;
}

/** Adds up what there is of each status. */
export function tallyOf(sums: readonly StatusSum[]): Tally {
  const counts = { paid: 0, pending: 0, declined: 0, cancelled: 0, expired: 0 };
  let [asked, collected] = [0, 0];
  for (const { status, count, amount } of sums) {
    counts[status] += count;
    asked += amount;
    collected += status === 'paid' ? amount : 0;
  }
  return { counts, asked, collected };
}

export const tallyRequests = (requests: readonly RequestRow[]): Tally =>
  tallyOf(requests.map(({ status, amount }) => ({ status, amount, count: 1 })));
