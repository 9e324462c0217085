import { changeProfile } from '../../server/features/accounts/change-profile.js';
import { sendPayment } from '../../server/features/payments/send-payment.js';
import { decide } from '../../server/ledger/decide.js';
import type { LedgerDoor } from '../../server/ledger/door.js';
import { decision } from '../../server/ledger/rule.js';
import { callerOf } from './support/callers.js';

const caller = callerOf(1);
const order = {
  ...{ senderId: 1, to: 'bob', amount: { minor: 1, currency: 'GBP' } },
  ...{ memo: null, maxDebit: null },
};
const call = { address: '127.0.0.1', requestId: 'req_test' };

/** The faults that the compiler must refuse; each expectation fails to compile where it does not. */
export function mustNotCompile(ledger: LedgerDoor): void {
  // @ts-expect-error: there is no rule of this name to pass.
  decision('send-payment', { input: order, facts: null, caller });
  // @ts-expect-error: a payment has no field `receiver`.
  decision(sendPayment, { input: { ...order, receiver: 'bob' }, facts: null, caller });
  // @ts-expect-error: a payment needs its sender.
  decision(sendPayment, { input: { to: 'bob' }, facts: null, caller });
  // @ts-expect-error: a payment needs to know of a quote, or that there is none.
  decision(sendPayment, { input: order, caller });
  // @ts-expect-error: a change of profile takes no facts.
  decision(changeProfile, { input: { userId: 1 }, facts: null, caller });
  // @ts-expect-error: a payment needs to know of a quote, from a call as well.
  void decide(ledger, call, sendPayment, order);
  // @ts-expect-error: a change of profile takes no facts, from a call neither.
  void decide(ledger, call, changeProfile, { userId: 1 }, null);
  // @ts-expect-error: the input of one rule is not that of another.
  void decide(ledger, call, changeProfile, order);
}
