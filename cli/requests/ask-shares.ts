import type { RequestJson } from '../../server/features/requests/wire.js';
import { targetOf } from '../api/operation.js';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import { settle } from '../settling/settle.js';
import { sleep } from '../sleep.js';
import { shellCommand } from '../terminal/text/shell-quote.js';
import type { Bill, Bills, Share } from './bills.js';
import { requestAct } from './request-act.js';

/** The end of asking for one share, for good. */
export type ShareEnd =
  | { readonly share: Share; readonly request: RequestJson }
  | { readonly share: Share; readonly refusal: Failure };

// The failures that a rule sees in one share, which say nothing of the next; any other would meet them all.
const ofOneShare: readonly Failure['kind'][] = ['refused', 'usage', 'not-found', 'not-allowed'];

async function ask(context: Context, bill: Bill, share: Share, mayBeSent: boolean): Promise<ShareEnd> {
  const { server, user, createdAt, command } = bill;
  const pending = {
    ...share,
    ...requestAct(share.body),
    ...targetOf('POST /v1/requests'),
    server,
    user,
    createdAt,
    command,
  };
  const { say, signal, now } = context;
  // The bill itself is kept until every share has its answer.
  const journal = { remove: async () => {} };
  const parts = { api: await context.api(), journal, say, signal, now, sleep };
  try {
    return { share, request: (await settle(pending, mayBeSent, parts)).answer };
  } catch (error) {
    if (error instanceof Failure && ofOneShare.includes(error.kind)) {
      return { share, refusal: error };
    }
    throw error;
  }
}

function incomplete(bill: Bill, ends: readonly ShareEnd[], cause: Failure): Failure {
  const asked = ends.flatMap((end) => ('request' in end ? [end.share.body.from] : []));
  const settleWith = shellCommand(bill.command);
  const names = new Intl.ListFormat('en', { type: 'conjunction' }).format(asked);
  const who = asked.length === 0 ? '' : ` Asked so far: ${names}.`;
  return new Failure('unknown', `${cause.message}${who}`, {
    next: ['Go on with this command. However often it is run, nobody is asked twice:', settleWith],
    settle: settleWith,
    figures: { idempotencyKey: bill.key, asked },
    cause,
  });
}

/**
 * Asks for each share of a bill that is on the disk, one after the other, each under its key. The disk forgets the bill
 * once every share has its answer, or where nothing can have been sent.
 * @param mayBeSent whether an earlier command may have sent some of it already
 * @throws Failure: unknown where somebody was or may have been asked and others were not
 */
export async function askShares(
  context: Context,
  bills: Bills,
  bill: Bill,
  mayBeSent: boolean,
): Promise<readonly ShareEnd[]> {
  const ends: ShareEnd[] = [];
  try {
    for (const share of bill.shares) {
      ends.push(await ask(context, bill, share, mayBeSent));
    }
  } catch (error) {
    if (!(error instanceof Failure)) {
      throw error;
    }
    if (mayBeSent || error.kind === 'unknown' || ends.some((end) => 'request' in end)) {
      throw incomplete(bill, ends, error);
    }
    await bills.remove(bill);
    throw error;
  }
  await bills.remove(bill);
  return ends;
}
