import test, { type ExecutionContext } from 'ava';
import { rules } from '../../../server/compose/rules.js';
import { TimeAhead } from '../../../server/ledger/commit/time-ahead.js';
import { payment, registration } from '../support/callers.js';
import { numberOf } from '../support/outcomes.js';
import { countedTime, nextWriting, openRealBooks } from '../support/real-books.js';
import { ruleNamed } from '../support/rule-named.js';

/** Books in which alice pays so many at once, as often as is said, each time while those before are being written. */
async function payInBatches(t: ExecutionContext, sizes: readonly number[]) {
  const time = countedTime();
  const { ledger, writer, rows } = await openRealBooks(t, { askTime: time.askTime });
  const [alice] = await Promise.all(['alice', 'bob'].map((name) => ledger.decide(registration(name))));
  await ledger.settled();
  time.asked = 0;
  const cents = { amount: { minor: 1, currency: 'GBP' } } as const;
  const pay = () => ledger.decide(payment(alice ? numberOf('usr', alice) : 0, 'bob', cents));
  const paid: ReturnType<typeof pay>[] = [];
  for (const size of sizes) {
    const isWritten = nextWriting(writer);
    paid.push(...Array.from({ length: size }, pay));
    await isWritten;
  }
  await Promise.all(paid);
  await ledger.settled();
  return { time, pay, rows };
}

test('where one full batch follows another, the time of the next is asked for before anybody wants it', async (t) => {
  const { time, pay, rows } = await payInBatches(t, [8, 8]);
  t.is(time.asked, 3);
  await pay();
  t.is(time.asked, 3);
  await pay();
  t.is(time.asked, 4);
  const times = (await rows('payments')).map(({ created_at }) => created_at);
  t.deepEqual(
    times,
    times.toSorted((one, other) => one - other),
  );
  t.is(new Set(times.slice(2)).size, 4);
});

test('where few pay, nobody asks for a time that may not be wanted', async (t) => {
  const { time } = await payInBatches(t, [8, 7]);
  t.is(time.asked, 2);
});

const transfer = payment(1, 'bob');
const rename = { ...transfer, rule: ruleNamed('change-profile') };

function aheadAt(nowMicros: () => number) {
  const time = countedTime();
  const ahead = new TimeAhead({ rules, askTime: time.askTime, machineMicros: nowMicros });
  return { time, ahead };
}

test('a time that was asked ahead is taken once, and for ten milliseconds', async (t) => {
  let nowMicros = 1_000_000;
  const { time, ahead } = aheadAt(() => nowMicros);
  t.is(ahead.take(), undefined);
  ahead.ask([transfer]);
  t.is(time.asked, 1);
  nowMicros += 10_000;
  t.is(typeof (await ahead.take()), 'number');
  t.is(ahead.take(), undefined);
  ahead.ask([transfer]);
  nowMicros += 10_001;
  t.is(ahead.take(), undefined);
});

test('a clock that was set back makes nothing fresh', (t) => {
  let nowMicros = 1_000_000;
  const { ahead } = aheadAt(() => nowMicros);
  ahead.ask([transfer]);
  nowMicros -= 1;
  t.is(ahead.take(), undefined);
});

test('what needs no time asks for none', (t) => {
  const { time, ahead } = aheadAt(() => 1_000_000);
  ahead.ask([rename]);
  t.is(time.asked, 0);
  t.is(ahead.take(), undefined);
});
