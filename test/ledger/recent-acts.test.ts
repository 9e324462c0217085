import test from 'ava';
import { payment, registration } from './support/callers.js';
import { numberOf } from './support/outcomes.js';
import { openRealBooks } from './support/real-books.js';

const hour = 60 * 60 * 1_000_000;
const start = 500_000 * hour;

/** Rows of the hours that no likely duplicate is looked for in any more, and how many there are of each hour. */
const past = (count: number, atHour: number, paymentId: number) =>
  Array.from({ length: count }, (_, place) => ({
    ...{ hour: atHour, act: `pay ${place}`, payment_id: paymentId, request_id: null, at: atHour * hour },
  }));

test('of what was done just before only this hour and the one before are kept, and a batch takes out a bounded number', async (t) => {
  let now = start;
  const time = () => {
    now += 1;
    return now;
  };
  const { ledger, writer, rows } = await openRealBooks(t, {
    askTime: async () => time(),
    machineMicros: time,
  });
  const [alice = 0] = (
    await Promise.all(['alice', 'bob'].map((name) => ledger.decide(registration(name))))
  ).map((outcome) => numberOf('usr', outcome));
  const countsByHour = async () => {
    const counts = new Map<number, number>();
    for (const row of await rows('recent_acts')) {
      counts.set(row.hour, (counts.get(row.hour) ?? 0) + 1);
    }
    return Object.fromEntries(counts);
  };
  const pay = async (minor: number) => {
    const { status } = await ledger.decide(
      payment(alice, 'bob', { amount: { minor, currency: 'GBP' } }, { key: `${now}` }),
    );
    t.is(status, 201);
  };
  t.deepEqual(await countsByHour(), {});
  await pay(1);
  await pay(2);
  await pay(2);
  t.deepEqual(await countsByHour(), { 500000: 2 });
  await writer.batchInsert('recent_acts', past(2_500, 499_990, 1), 200);
  now = start + hour;
  for (const left of [1_500, 500, 0]) {
    await pay(left + 1);
    t.is((await countsByHour())[499_990] ?? 0, left);
  }
  t.deepEqual(await countsByHour(), { 500000: 2, 500001: 3 });
  now = start + 2 * hour;
  await pay(1);
  t.deepEqual(await countsByHour(), { 500001: 3, 500002: 1 });
});
