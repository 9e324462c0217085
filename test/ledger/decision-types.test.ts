import test from 'ava';
import { changeProfile } from '../../server/accounts/change-profile.js';
import { decide } from '../../server/ledger/decide.js';
import { type Decision, decision, defineRule, rulesByName } from '../../server/ledger/rule.js';
import { sendPayment } from '../../server/payments/send-payment.js';
import { rules } from '../../server/rules.js';
import { callerOf } from './support/callers.js';

const caller = callerOf('usr_alice');
const order = {
  ...{ senderId: 'usr_alice', to: 'bob', amount: { minor: 1, currency: 'GBP' } },
  ...{ memo: null, maxDebit: null },
};
const asked: Decision[] = [];
const ledger = {
  decide: (one: Decision) => {
    asked.push(one);
    return new Promise<never>(() => {});
  },
};
const call = { address: '127.0.0.1', requestId: 'req_test' };

/** What the compiler must refuse; each expectation fails to compile where it does not. */
export function mustNotCompile(): void {
  // @ts-expect-error: there is no rule of this name to pass.
  decision('send-payment', { input: order, aside: null, caller });
  // @ts-expect-error: a payment has no field `receiver`.
  decision(sendPayment, { input: { ...order, receiver: 'bob' }, aside: null, caller });
  // @ts-expect-error: a payment needs its sender.
  decision(sendPayment, { input: { to: 'bob' }, aside: null, caller });
  // @ts-expect-error: a payment needs to know of a quote, or that there is none.
  decision(sendPayment, { input: order, caller });
  // @ts-expect-error: a change of profile takes no aside.
  decision(changeProfile, { input: { userId: 'usr_alice' }, aside: null, caller });
  // @ts-expect-error: a payment needs to know of a quote, from a call as well.
  decide(ledger, call, sendPayment, order);
  // @ts-expect-error: a change of profile takes no aside, from a call neither.
  decide(ledger, call, changeProfile, { userId: 'usr_alice' }, null);
  // @ts-expect-error: the input of one rule is not that of another.
  decide(ledger, call, changeProfile, order);
}

test('a decision is plain data under the name of its rule, with just what was given', (t) => {
  t.deepEqual(decision(sendPayment, { input: order, aside: null, caller, key: 'k' }), {
    ...{ rule: 'send-payment', input: order, aside: null, caller, key: 'k' },
  });
  t.deepEqual(Object.keys(decision(changeProfile, { input: { userId: 'usr_alice' }, caller })), [
    ...['rule', 'input', 'caller'],
  ]);
});

test('caller, key and dry run of a decision are those of the call', (t) => {
  const viewer = { userId: 'usr_alice', credential: { kind: 'token' } };
  void decide(
    ledger,
    { ...call, viewer, idempotencyKey: 'k', body: { dryRun: true } },
    sendPayment,
    order,
    null,
  );
  void decide(ledger, call, changeProfile, { userId: 'usr_alice' });
  const [byScript, byNobody] = asked.splice(0);
  t.like(byScript, { rule: 'send-payment', aside: null, key: 'k', isDryRun: true });
  t.deepEqual(byScript?.caller, { userId: 'usr_alice', isPerson: false, ...call });
  t.like(byNobody, { rule: 'change-profile', isDryRun: false });
  t.deepEqual(byNobody?.caller, { userId: null, isPerson: true, ...call });
  t.false(byNobody !== undefined && ('key' in byNobody || 'aside' in byNobody));
});

test('each rule stands in the table under its own name, and no name twice', (t) => {
  for (const [name, rule] of Object.entries(rules)) {
    t.is(rule.name, name);
  }
  const rule = defineRule<null>('same', {
    ...{ needsTime: false, reads: () => [], decide: () => ({ status: 204, body: null }) },
  });
  t.throws(() => rulesByName([rule, { ...rule }]), { message: /same name/ });
});
