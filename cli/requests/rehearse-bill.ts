import type { RequestJson } from '../../server/features/requests/wire.js';
import type { Context } from '../context.js';
import { rehearseBesides } from '../payments/likely-duplicate.js';
import type { Bill, RequestBody } from './bills.js';

/** A request as it would be: it has no id. */
export type RehearsedRequest = Omit<RequestJson, 'id'> & { readonly id: null };

/** What asking would do, judged by the server with the same refusals; nobody is asked. */
export async function rehearseRequest(context: Context, body: RequestBody): Promise<RehearsedRequest> {
  const api = await context.api();
  return await api.json<RehearsedRequest>({
    method: 'POST',
    path: '/v1/requests',
    body: { ...body, dryRun: true },
  });
}

/**
 * Rehearses each share of a bill. Where one looks like a request of just before, that one is shown. Gives what the
 * person who agrees says that the bill is meant besides; undefined where there is nothing.
 */
export async function findEarlierRequests(context: Context, { shares }: Bill): Promise<string | undefined> {
  const besides: (string | undefined)[] = [];
  for (const { body: wanted } of shares) {
    const { body } = await rehearseBesides(context, wanted, (tried) => rehearseRequest(context, tried));
    if (body !== wanted) {
      besides.push(body.confirmDuplicateOf);
    }
  }
  // Of several, each has an earlier one of its own, and all were shown.
  return shares.length > 1 && besides.length > 0 ? '*' : besides[0];
}
