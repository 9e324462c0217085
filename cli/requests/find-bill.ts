import type { Context } from '../context.js';
import { learnCurrency } from '../conversion/learn-currencies.js';
import { Failure } from '../failure/failure.js';
import type { Payer } from '../settling/payer.js';
import { shellCommand } from '../terminal/text/shell-quote.js';
import { shown } from '../terminal/text/shown.js';
import { relativeTime } from '../terminal/time.js';
import { type Bill, type Bills, isSameBill } from './bills.js';
import { type BillOptions, type BillTerms, makeBill } from './make-bill.js';

export interface FoundBill {
  readonly bill: Bill;
  /** Whether an earlier command may have sent a part of the bill. */
  readonly isUnderWay: boolean;
}

/** A bill that an earlier command did not complete and that this one means: by its key, or word for word. */
async function findEarlier(bills: Bills, wanted: Bill, isKeyGiven: boolean): Promise<Bill | undefined> {
  const all = await bills.all();
  const earlier = all.find((bill) => (isKeyGiven ? bill.key === wanted.key : isSameBill(wanted, bill)));
  if (earlier && isKeyGiven && !asksTheSame(wanted, earlier)) {
    throw new Failure('usage', `The key ${earlier.key} belongs to another bill, which is not complete.`, {
      next: ['Complete that one with:', shellCommand(earlier.command)],
    });
  }
  return earlier;
}

function asksTheSame(one: Bill, other: Bill): boolean {
  const asked = (bill: Bill) =>
    JSON.stringify([
      bill.server,
      bill.user,
      ...bill.shares.map(({ key, body: { amount, currency, memo } }) => [key, amount, currency, memo]),
    ]);
  return asked(one) === asked(other);
}

/** The bill as it is meant: one that an earlier run of the same command did not complete, or a new one. @throws Failure (usage) */
export async function findBill(
  context: Context,
  bills: Bills,
  payer: Payer,
  terms: BillTerms,
  options: BillOptions,
): Promise<FoundBill> {
  if (options.split) {
    await learnCurrency(context, terms.currency);
  }
  const bill = makeBill(terms, options, payer, context.now());
  const earlier = await findEarlier(bills, bill, options.key !== undefined);
  if (earlier === undefined) {
    return { bill, isUnderWay: false };
  }
  const when = relativeTime(earlier.createdAt, context.now());
  await context.say(
    shown`The same command (${when}) was not completed. This goes on with it; nobody is asked twice.`,
  );
  return { bill: earlier, isUnderWay: true };
}
