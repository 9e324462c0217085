import type { Run } from '../../command.js';
import { Failure } from '../../failure/failure.js';
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
  // Nothing stands behind the limit of a currency, so that none there is the same as having none.
  const figure = (text: string) => (text === 'none' && user === undefined ? null : text);
  await changeLimit(context, options, {
    ...(perPayment !== undefined && { perPayment: figure(perPayment) }),
    ...(perDay !== undefined && { perDay: figure(perDay) }),
  });
};
