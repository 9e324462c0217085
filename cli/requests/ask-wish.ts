import { amountFault, checkAmount, currencyCode } from '../amount.js';
import type { Context } from '../context.js';
import { Failure } from '../failure.js';
import { findMe } from '../payments/find-me.js';
import type { BillOptions, BillWish } from './make-bill.js';
import { readBillWords } from './read-bill-words.js';

/** Whom to ask for how much, from the command line and, for what is missing there, from the person. */
export async function askWish(
  context: Context,
  operands: readonly (string | undefined)[],
  options: BillOptions,
): Promise<BillWish> {
  const { prompts } = context;
  const given = readBillWords(operands.filter((word) => word !== undefined));
  prompts.gate([
    ...(given.users.length === 0 ? ['<user>'] : []),
    ...(given.amount === undefined ? ['<amount>'] : []),
  ]);
  const users =
    given.users.length > 0
      ? given.users
      : [(await prompts.text({ message: 'Whom to ask:', flag: '<user>' })).trim()];
  if (users.length > 1 && !options.split) {
    throw new Failure('usage', 'For several people --split is missing.', {
      next: ['With --split they share the amount. To ask each for all of it, ask one at a time.'],
    });
  }
  const currency = currencyCode(given.currency) ?? (await findMe(context)).currency;
  const amount =
    given.amount ??
    (await prompts.text({
      message: `How much (${currency}):`,
      flag: '<amount>',
      validate: (answer) => amountFault(answer, currency) ?? true,
    }));
  checkAmount(amount, currency);
  return { users, amount, currency };
}
