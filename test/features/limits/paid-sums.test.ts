import test, { type ExecutionContext } from 'ava';
import { dayMicros } from '../../../server/features/limits/day.js';
import { payment, registration } from '../../ledger/support/callers.js';
import { codeOf, numberOf } from '../../ledger/support/outcomes.js';
import { openRealBooks } from '../../ledger/support/real-books.js';

const perDay = 5_000;

/** Books in which alice may pay so much a day, at a time that the test moves on. */
async function openLimitedBooks(t: ExecutionContext) {
  const clock = { now: 1_795_370_400_000_000 };
  const tick = () => {
    clock.now += 1;
    return clock.now;
  };
  const books = await openRealBooks(t, { askTime: async () => tick(), machineMicros: () => clock.now });
  const { ledger, writer } = books;
  const aliceId = numberOf('usr', await ledger.decide(registration('alice', { openingCredit: 10_000_000 })));
  await ledger.decide(registration('bob'));
  await writer('limits').insert({ subject: 'GBP', currency: 'GBP', per_day: perDay });
  await writer('chain_heads').where({ name: 'commits' }).increment('position');
  const pay = (minor: number) =>
    ledger.decide(payment(aliceId, 'bob', { amount: { minor, currency: 'GBP' } }));
  return { clock, pay, writer };
}

/** Steps that look as if by chance, the same each time. */
const steps = Array.from({ length: 120 }, (_, number) => ({
  wait:
    [1, dayMicros / 7, dayMicros / 3, 0, dayMicros / 50, 2 * dayMicros][(number * 7 + (number >> 3)) % 6] ??
    0,
  minor: 1 + ((number * 911) % 1_700),
}));

test('what was paid within a day is the same, read on from the batch before, as all of it added up', async (t) => {
  const { clock, pay } = await openLimitedBooks(t);
  const paid: { readonly at: number; readonly minor: number }[] = [];
  let refused = 0;
  for (const { wait, minor } of steps) {
    clock.now += Math.floor(wait);
    const outcome = await pay(minor);
    const used = paid.reduce((sum, one) => sum + (one.at > clock.now - dayMicros ? one.minor : 0), 0);
    t.is(codeOf(outcome), used + minor <= perDay ? undefined : 'LIMIT_EXCEEDED');
    if (outcome.status === 201) {
      paid.push({ at: clock.now, minor });
    } else {
      refused += 1;
    }
  }
  t.true(paid.length > 20 && refused > 10, `${paid.length} paid, ${refused} refused`);
});

test('however much was paid within a day, a batch reads of it what has come and what has gone since the one before', async (t) => {
  const { clock, pay, writer } = await openLimitedBooks(t);
  const summed: number[] = [];
  writer.on('query', ({ sql, bindings }: { readonly sql: string; readonly bindings: readonly string[] }) => {
    for (const range of / as change,/.test(sql)
      ? (JSON.parse(String(bindings[0])) as readonly object[])
      : []) {
      const [, , knownFrom, from, knownTo, upTo] = Object.values(range).map(Number);
      summed.push(Number(upTo) - Number(knownTo) + Number(from) - Number(knownFrom));
    }
  });
  for (let number = 0; number < 40; number += 1) {
    clock.now += dayMicros / 60;
    t.is((await pay(10)).status, 201);
  }
  t.true(summed.length >= 80, `${summed.length} sums`);
  t.true(Math.max(...summed) <= 3, summed.join());
});
