import test from 'ava';
import fc from 'fast-check';
import { packDecision, unpackDecision } from '../../server/ledger/messages.js';
import type { Caller, Decision } from '../../server/ledger/rule.js';
import { ruleNamed } from './support/rule-named.js';

const text = fc.string({ maxLength: 20 });

const factor: fc.Arbitrary<NonNullable<Caller['factor']>> = fc.record({
  secret: text,
  steps: fc.array(fc.nat(), { maxLength: 3 }),
  recoveryHash: fc.option(text),
  guesses: fc.array(fc.record({ key: text, free: fc.nat(), firstWaitMicros: fc.nat() }), { maxLength: 2 }),
});

const caller = fc.record(
  {
    userId: fc.option(fc.nat()),
    isPerson: fc.boolean(),
    credential: fc.record({ kind: fc.constantFrom('session' as const, 'token' as const), id: fc.nat() }),
    address: text,
    requestId: text,
    shownCode: text,
    factor,
    adminsNeedFactor: fc.boolean(),
  },
  { requiredKeys: ['userId', 'isPerson', 'address', 'requestId'] },
);

/** JSON's values without -0, which is 0 on the way into any of our inputs. */
const value = fc.jsonValue({ maxDepth: 2 }).map((one) => JSON.parse(JSON.stringify(one)) as unknown);

const decisions = fc.record(
  {
    rule: fc.constantFrom('send-payment', 'register-user').map(ruleNamed),
    input: value,
    facts: value,
    caller,
    key: text,
    isDryRun: fc.boolean(),
  },
  { requiredKeys: ['rule', 'input', 'caller'] },
);

test('a decision arrives in the other thread as it was, with nothing that it did not have', (t) => {
  fc.assert(
    fc.property(fc.nat(), decisions, (number, decision) => {
      const there = unpackDecision(structuredClone(packDecision(number, decision as Decision)));
      t.deepEqual(there, { number, decision: decision as Decision });
    }),
    { numRuns: 300 },
  );
});
