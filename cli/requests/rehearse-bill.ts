import type { Answer } from '../api/operation.js';
import { isRefusedFor } from '../api/verdict.js';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import { rehearseBesides } from '../payments/likely-duplicate.js';
import type { Bill, RequestBody } from './bills.js';

/** A request as it would be, which has no id, or as it is. */
export type RehearsedRequest = Answer<'POST /v1/requests'>;

/** What asking would do, judged by the server with the same refusals; nobody is asked. */
export async function rehearseRequest(context: Context, body: RequestBody): Promise<RehearsedRequest> {
  const api = await context.api();
  return await api.call('POST /v1/requests', { body: { ...body, dryRun: true } });
}

/** A share that the server would refuse, whoever is asked before it. */
interface RefusedShare {
  readonly from: string;
  readonly refusal: Failure;
}

/**
 * Rehearses each share of a bill before anybody is asked, so that a name that is wrong does not leave the others with shares
 * of a bill that does not add up. What looks like a request of just before is judged when it is asked for, under its key.
 * @throws Failure naming every share that is refused
 */
export async function checkShares(context: Context, { shares }: Bill): Promise<void> {
  const refused: RefusedShare[] = [];
  for (const { body } of shares) {
    try {
      await rehearseRequest(context, body);
    } catch (error) {
      if (!(error instanceof Failure) || error.details.problem === undefined) {
        throw error;
      }
      if (!isRefusedFor(error, 'POSSIBLE_DUPLICATE')) {
        refused.push({ from: body.from, refusal: error });
      }
    }
  }
  const [first] = refused;
  if (!first) {
    return;
  }
  const lines = refused.map(({ from, refusal }) => `${from}: ${refusal.message}`);
  throw new Failure(first.refusal.kind, 'Nobody was asked.', {
    below: lines,
    ...(first.refusal.details.problem && { problem: first.refusal.details.problem }),
    figures: { refused: refused.map(({ from, refusal }) => ({ from, detail: refusal.message })) },
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
  // Of several shares, each has an earlier request of its own, and all were shown.
  return shares.length > 1 && besides.length > 0 ? '*' : besides[0];
}
