import type { PaymentBody } from '../settling/pending.js';
import type { CommandParts } from '../settling/settle-command.js';

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
