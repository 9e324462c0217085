import type { Run } from '../../command.js';
import { changeLimit, type LimitTarget } from './change-limit.js';

export interface ClearOptions extends LimitTarget {
  readonly perPayment?: true;
  readonly perDay?: true;
}

/** Clears both limits where neither is named. */
export const clear: Run<ClearOptions> = async (context, _operands, options) => {
  const { perPayment, perDay } = options;
  await changeLimit(context, options, {
    ...((perPayment || !perDay) && { perPayment: null }),
    ...((perDay || !perPayment) && { perDay: null }),
  });
};
