import type { Registration } from '../../../server/features/accounts/register-user.js';
import type { SendPayment } from '../../../server/features/payments/send-payment.js';
import type { Caller, Decision } from '../../../server/ledger/rule.js';
import { ruleNamed } from './rule-named.js';

export function callerOf(userId: number | null, requestId = 'req_test'): Caller {
  // A script: what only persons are asked, such as whether a payment is meant twice, has tests of its own.
  return { userId, isPerson: false, address: '127.0.0.1', requestId };
}

/** A registration with an opening credit of 1,000.00 or as said, in pounds or as said. */
export function registration(username: string, given: Partial<Registration> = {}): Decision {
  const input: Registration = {
    username,
    email: `${username}@example.org`,
    displayName: null,
    passwordHash: `hash of ${username}`,
    currency: 'GBP',
    role: 'user',
    openingCredit: 100_000,
    ...given,
  };
  return { rule: ruleNamed('register-user'), input, caller: callerOf(null) };
}

/** A payment of 10.00 pounds under a key of its own, or as said. */
export function payment(
  senderId: number,
  to: string,
  given: Partial<SendPayment> = {},
  rest: Partial<Decision> = {},
): Decision {
  const input: SendPayment = {
    senderId,
    to,
    amount: { minor: 1_000, currency: 'GBP' },
    memo: null,
    maxDebit: null,
    ...given,
  };
  return { rule: ruleNamed('send-payment'), input, facts: null, caller: callerOf(senderId), ...rest };
}
