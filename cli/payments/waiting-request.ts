import type { RequestJson } from '../../server/features/requests/wire.js';
import { findCurrency } from '../../server/money/currency.js';
import { parseAmount } from '../../server/money/parse.js';
import { findMe } from '../account/find-me.js';
import { fetchList } from '../api/fetch-list.js';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import { flagWords } from '../global-flags.js';
import { fetchNames } from '../people/names.js';
import { moneyText } from '../terminal/money.js';
import { type Shown, shown } from '../terminal/text/shown.js';
import { relativeTime } from '../terminal/time.js';
import type { PaymentBody } from './payment-act.js';

/** Somebody who asks for the same from more than this many sides is looked at no further. */
const mostLookedAt = 100;

async function lookForWaiting(
  context: Context,
  { to, amount, currency }: PaymentBody,
): Promise<RequestJson | undefined> {
  const code = currency ?? (await findMe(context)).currency;
  const minorOf = (text: string) => {
    const known = findCurrency(code);
    const parsed = known && parseAmount(text, known);
    return parsed && 'minor' in parsed ? parsed.minor : undefined;
  };
  const query = { direction: 'incoming', status: 'pending', with: to } as const;
  const { items } = await fetchList(context, 'GET /v1/requests', { query }, mostLookedAt);
  const minor = minorOf(amount);
  return items.find(
    (request) =>
      minor !== undefined && request.amount.currency === code && minorOf(request.amount.amount) === minor,
  );
}

/**
 * The pending request of the receiver that asks for exactly what is about to be paid; undefined where there is none, or where
 * the token may pay and not read.
 */
export async function findWaitingRequest(
  context: Context,
  wanted: PaymentBody,
): Promise<RequestJson | undefined> {
  try {
    return await lookForWaiting(context, wanted);
  } catch (error) {
    if (error instanceof Failure && error.kind === 'not-allowed') {
      return undefined;
    }
    throw error;
  }
}

async function waitingText(request: RequestJson, context: Context): Promise<Shown> {
  const { id, requester, amount, memo, createdAt } = request;
  const nameOf = await fetchNames(context, [requester]);
  const { locale, now, stderr } = context;
  const words = memo === null ? '' : ` (${memo})`;
  return shown`${stderr.pen.yellow('!')} ${nameOf(requester)} asks you for exactly ${moneyText(amount, locale)}${words}, ${relativeTime(createdAt, now())}: ${id}`;
}

/**
 * Says that a request for exactly this waits, and offers to pay it: what is paid beside it leaves it to be paid a second time.
 * Gives whether that was taken; where the person has given up meanwhile, the failure is thrown.
 */
export async function payWaitingRequest(context: Context, request: RequestJson): Promise<boolean> {
  await context.prompts.show(await waitingText(request, context));
  const message = 'Pay this request? (no: pay beside it, and it stays open)';
  if (!(await context.prompts.confirm({ message, flag: '--yes' }))) {
    return false;
  }
  const words = [...flagWords(context.flags), 'requests', 'accept', request.id];
  const failure = await context.commandLine.attempt(words, context);
  if (failure) {
    throw failure;
  }
  return true;
}

/** Says to one who is not asked that a request for exactly this waits. No payment fails for want of that word. */
export async function tellOfWaitingRequest(context: Context, wanted: PaymentBody): Promise<void> {
  const request = await findWaitingRequest(context, wanted).catch((error: unknown) => {
    if (error instanceof Failure) {
      return undefined;
    }
    throw error;
  });
  if (request !== undefined) {
    await context.say(
      shown`${await waitingText(request, context)}\n  It stays open. To pay it instead of paying beside it: ${context.hint(`pay requests accept ${request.id}`)}`,
    );
  }
}
