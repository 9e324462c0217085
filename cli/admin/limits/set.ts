import type { Run } from '../../command.js';
import { typedAmount } from '../../conversion/typed-amount.js';
import { Failure } from '../../failure/failure.js';
import { currencyCode } from '../../terminal/amount.js';
import { findUser } from '../act-on-user/ask-user.js';
import { changeLimit, type LimitTarget } from './change-limit.js';

export interface SetOptions extends LimitTarget {
  readonly perPayment?: string;
  readonly perDay?: string;
}

export const set: Run<SetOptions> = async (context, _operands, options) => {
  const { user, perPayment, perDay } = options;
  if (perPayment === undefined && perDay === undefined) {
    throw new Failure('usage', 'How much is missing: --per-payment, --per-day, or both.');
  }
  const currency = async () =>
    user === undefined ? (currencyCode(options.currency) ?? '') : (await findUser(context, user)).currency;
  // Nothing stands behind the limit of a currency, so that none there is the same as having none.
  const figure = async (text: string) =>
    text === 'none' && user === undefined ? null : await typedAmount(context, text, currency);
  await changeLimit(context, options, {
    ...(perPayment !== undefined && { perPayment: await figure(perPayment) }),
    ...(perDay !== undefined && { perDay: await figure(perDay) }),
  });
};
