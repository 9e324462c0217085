import { randomUUID } from 'node:crypto';
import test from 'ava';
import { auditBooks } from './support/audit.js';
import { payment, registration } from './support/callers.js';
import { numberOf } from './support/outcomes.js';
import { openRealBooks } from './support/real-books.js';

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
