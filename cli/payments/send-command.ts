import type { CommandParts } from '../settling/settle-command.js';
import type { PaymentBody } from './payment-act.js';

/** The `pay send` that makes this payment. */
export function sendCommand(body: PaymentBody): CommandParts {
  return {
    verb: ['send'],
    operands: [body.to, body.amount, ...(body.currency === undefined ? [] : [body.currency])],
    flags: {
      '--memo': body.memo,
      '--max': body.maxDebit,
      '--confirm-duplicate': body.confirmDuplicateOf,
    },
  };
}
