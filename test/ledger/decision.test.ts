import test from 'ava';
import { rules } from '../../server/compose/rules.js';
import { changeProfile } from '../../server/features/accounts/change-profile.js';
import { sendPayment } from '../../server/features/payments/send-payment.js';
import { decide } from '../../server/ledger/decide.js';
import { type Decision, decision, defineRule, rulesByName } from '../../server/ledger/rule.js';
import { callerOf } from './support/callers.js';

const caller = callerOf(1);
const order = {
  ...{ senderId: 1, to: 'bob', amount: { minor: 1, currency: 'GBP' } },
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

test('a decision is plain data under the name of its rule, with just what was given', (t) => {
  t.deepEqual(decision(sendPayment, { input: order, facts: null, caller, key: 'k' }), {
    ...{ rule: 'send-payment', input: order, facts: null, caller, key: 'k' },
  });
  t.deepEqual(Object.keys(decision(changeProfile, { input: { userId: 1 }, caller })), [
    ...['rule', 'input', 'caller'],
  ]);
});

test('caller, key and dry run of a decision are those of the call', (t) => {
  const viewer = { userId: 1, credential: { kind: 'token', id: 7 } } as const;
  void decide(ledger, { ...call, viewer, idempotencyKey: 'k', isDryRun: true }, sendPayment, order, null);
  void decide(ledger, call, changeProfile, { userId: 1 });
  const [byScript, byNobody] = asked.splice(0);
  t.like(byScript, { rule: 'send-payment', facts: null, key: 'k', isDryRun: true });
  t.deepEqual(byScript?.caller, { userId: 1, isPerson: false, credential: viewer.credential, ...call });
  t.like(byNobody, { rule: 'change-profile', isDryRun: false });
  t.deepEqual(byNobody?.caller, { userId: null, isPerson: true, ...call });
  t.false(byNobody !== undefined && ('key' in byNobody || 'facts' in byNobody));
});

test('each rule stands in the table under its own name, and no name twice', (t) => {
  for (const [name, rule] of Object.entries(rules)) {
    t.is(String(rule.name), name);
  }
  const rule = defineRule<null>('same', {
    ...{ needsTime: false, reads: () => [], decide: () => ({ status: 204, body: null }) },
  });
  t.throws(() => rulesByName([rule, { ...rule }]), { message: /same name/ });
});
