import { randomUUID } from 'node:crypto';
import test from 'ava';
import { inTime, until } from '../support/until.js';
import { auditBooks } from './support/audit.js';
import { payment, registration } from './support/callers.js';
import { numberOf } from './support/outcomes.js';
import { openRealBooks, steppingTime } from './support/real-books.js';

test('a writer whose chain another has taken goes on behind it, beside a third: no chain forks', async (t) => {
  const { ledger: first, reopen, rows, tables } = await openRealBooks(t);
  const [alice] = await Promise.all(['alice', 'bob'].map((name) => first.decide(registration(name))));
  const aliceId = alice ? numberOf('usr', alice) : 0;
  const third = await reopen({ chain: 3 });
  const taker = await reopen({ chain: 1 });
  const cents = { amount: { minor: 1, currency: 'GBP' } } as const;
  for (const ledger of [first, third, taker, first, taker, third, third, first, first, taker, taker, first]) {
    const { status, fault } = await ledger.decide(payment(aliceId, 'bob', cents, { key: randomUUID() }));
    t.deepEqual([status, fault], [201, null]);
    t.is((await ledger.decide(registration(`user${(await rows('users')).length}`))).status, 201);
  }
  const payments = await rows('payments');
  for (const chain of [1, 3]) {
    const positions = payments.filter((one) => one.chain === chain).map(({ position }) => position);
    t.deepEqual(
      positions,
      positions.map((_, index) => index + 1),
    );
    t.true(positions.length > 5);
  }
  t.deepEqual(auditBooks(await tables()), []);
});

test('a timestamp service that does not answer one writer keeps no other waiting', async (t) => {
  const { ledger: first, reopen } = await openRealBooks(t);
  const [alice] = await Promise.all(['alice', 'bob'].map((name) => first.decide(registration(name))));
  const aliceId = alice ? numberOf('usr', alice) : 0;
  const time = steppingTime();
  let answer: () => void = () => {};
  const answers = new Promise<void>((resolve) => {
    answer = resolve;
  });
  let isAsked = false;
  const askTime = async () => {
    isAsked = true;
    await answers;
    return time();
  };
  const other = await reopen({ chain: 3, askTime });
  const cents = { amount: { minor: 1, currency: 'GBP' } } as const;
  const late = other.decide(payment(aliceId, 'bob', cents, { key: 'late' }));
  await until('the question for the time', () => isAsked);
  const paid = await inTime(
    'a payment',
    first.decide(payment(aliceId, 'bob', cents, { key: 'now' })),
    10_000,
  );
  t.is(paid.status, 201);
  answer();
  t.is((await late).status, 201);
});
