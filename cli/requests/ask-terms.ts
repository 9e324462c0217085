import { findMe } from '../account/find-me.js';
import type { Context } from '../context.js';
import { typedAmount } from '../conversion/typed-amount.js';
import { Failure } from '../failure/failure.js';
import { checkAmount, currencyCode } from '../terminal/amount.js';
import type { BillOptions, BillTerms } from './make-bill.js';
import { type BillWords, readBillWords } from './read-bill-words.js';

/** The people and the amount, asked of the person where the command line does not say them. */
async function askMissing(
  context: Context,
  { users, amount, currency: code }: BillWords,
): Promise<BillTerms> {
  const { askPartner } = await import('../payments/ask-partner.js');
  const { askSum } = await import('../payments/ask-sum.js');
  const [only, ...others] = users;
  const isOne = others.length === 0;
  const partner = isOne ? await askPartner(context, only, 'Whom to ask:') : undefined;
  const currency = currencyCode(code) ?? (await findMe(context)).currency;
  const asked = partner === undefined ? users : [partner.username];
  if (amount !== undefined) {
    return { users: asked, amount, currency };
  }
  const several = { username: 'each', currency: undefined };
  const sum = await askSum(context, partner ?? several, 'ask', currency);
  return { users: asked, amount: sum.amount, currency: sum.currency ?? currency };
}

/** The people and the amount, from the command line and, for what is missing there, from the person. */
export async function askTerms(
  context: Context,
  operands: readonly (string | undefined)[],
  options: BillOptions,
): Promise<BillTerms> {
  const words = readBillWords(operands.filter((word) => word !== undefined));
  const { users, amount } = words;
  context.prompts.gate([
    ...(users.length === 0 ? ['<user>'] : []),
    ...(amount === undefined ? ['<amount>'] : []),
  ]);
  if (users.length > 1 && !options.split) {
    throw new Failure('usage', 'For several people --split is missing.', {
      next: ['With --split they share the amount. To ask each for all of it, ask one at a time.'],
    });
  }
  if (users.length === 0 || amount === undefined) {
    const terms = await askMissing(context, words);
    checkAmount(terms.amount, terms.currency);
    return terms;
  }
  const currency = currencyCode(words.currency) ?? (await findMe(context)).currency;
  const sum = await typedAmount(context, amount, currency);
  checkAmount(sum, currency);
  return { users, amount: sum, currency };
}
