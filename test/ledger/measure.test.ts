import test from 'ava';
import { type LedgerMeasure, makeLedgerMeter } from '../../server/ledger/measure.js';
import { callerOf, payment, registration } from './support/callers.js';
import { numberOf } from './support/outcomes.js';
import { openRealBooks, steppingTime } from './support/real-books.js';
import { ruleNamed } from './support/rule-named.js';

const sizesOf = (measure: LedgerMeasure | undefined) => measure?.batches.map(({ decisions }) => decisions);

test('what a ledger has done is told once: batches, payments, and calls to the timestamp service', async (t) => {
  const meter = makeLedgerMeter();
  let answersWrongly = false;
  const time = steppingTime();
  const { ledger } = await openRealBooks(t, {
    meter,
    askTime: async () => (answersWrongly ? 1 : time()),
  });
  t.is(meter.take(), undefined);
  const [alice] = await Promise.all([
    ledger.decide(registration('alice')),
    ledger.decide(registration('bob')),
    ledger.decide(registration('carol', { currency: 'USD' })),
  ]);
  const first = meter.take();
  t.deepEqual(sizesOf(first), [3]);
  t.true(first?.batches.every(({ seconds }) => seconds > 0 && seconds < 60));
  t.deepEqual(first?.payments, [
    { kind: 'opening_credit', currency: 'GBP', count: 2 },
    { kind: 'opening_credit', currency: 'USD', count: 1 },
  ]);
  t.deepEqual([first?.timeCalls, first?.timeFailures], [1, 0]);
  t.is(meter.take(), undefined);

  const id = alice ? numberOf('usr', alice) : 0;
  answersWrongly = true;
  t.is((await ledger.decide(payment(id, 'bob'))).status, 503);
  const input = { userId: id, displayName: 'Alice' };
  t.is((await ledger.decide({ rule: ruleNamed('change-profile'), input, caller: callerOf(id) })).status, 200);
  answersWrongly = false;
  t.is((await ledger.decide(payment(id, 'bob', {}, { isDryRun: true }))).status, 200);
  const second = meter.take();
  // What writes nothing is no commit.
  t.deepEqual([sizesOf(second), second?.payments], [[1], []]);
  t.deepEqual([second?.timeCalls, second?.timeFailures], [2, 1]);
});
