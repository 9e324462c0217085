import test, { type ExecutionContext } from 'ava';
import type { ChangeLimit } from '../../../server/features/limits/change-limit.js';
import { unlimitedMinor } from '../../../server/features/limits/limits.js';
import { callerOf, payment, registration } from '../../ledger/support/callers.js';
import { bodyOf, codeOf, numberOf } from '../../ledger/support/outcomes.js';
import { openRealBooks } from '../../ledger/support/real-books.js';
import { ruleNamed } from '../../ledger/support/rule-named.js';

async function openWorld(t: ExecutionContext) {
  const books = await openRealBooks(t);
  const people = [registration('root', { role: 'admin' }), registration('alice'), registration('bob')];
  const [root = 0, alice = 0, bob = 0] = await Promise.all(
    people.map(async (person) => numberOf('usr', await books.ledger.decide(person))),
  );
  const change = (given: Partial<ChangeLimit>, by = root) =>
    books.ledger.decide({
      rule: ruleNamed('change-limit'),
      input: { userId: null, currency: 'GBP', reason: 'school fair', ...given },
      caller: callerOf(by),
    });
  const changes = async () => (await books.rows('audit')).filter(({ action }) => action === 'limits.changed');
  return { ...books, root, alice, bob, change, changes };
}

const gbp = (amount: string) => ({ amount, currency: 'GBP' });

test('a limit is set, changed in part and taken away, and each change is recorded with its reason', async (t) => {
  const { change, changes, root, rows } = await openWorld(t);
  const answers = [
    await change({ perPayment: 1_000, perDay: 5_000 }),
    await change({ perDay: 6_000, reason: 'more guests' }),
    await change({ perPayment: null, perDay: null }),
  ].map(bodyOf);
  const whose = { currency: 'GBP', username: null };
  t.deepEqual(answers, [
    { ...whose, perPayment: gbp('10.00'), perDay: gbp('50.00') },
    { ...whose, perPayment: gbp('10.00'), perDay: gbp('60.00') },
    { ...whose, perPayment: null, perDay: null },
  ]);
  t.is((await rows('limits')).length, 1);
  const records = await changes();
  t.deepEqual(
    records.map(({ actor_id, subject, reason, before, after }) => ({
      ...{ actor_id, subject, reason },
      ...{ before: JSON.parse(before ?? ''), after: JSON.parse(after ?? '') },
    })),
    [
      {
        ...{ actor_id: root, subject: 'GBP', reason: 'school fair' },
        before: { perPayment: null, perDay: null },
        after: { perPayment: gbp('10.00'), perDay: gbp('50.00') },
      },
      {
        ...{ actor_id: root, subject: 'GBP', reason: 'more guests' },
        before: { perPayment: gbp('10.00'), perDay: gbp('50.00') },
        after: { perPayment: gbp('10.00'), perDay: gbp('60.00') },
      },
      {
        ...{ actor_id: root, subject: 'GBP', reason: 'school fair' },
        before: { perPayment: gbp('10.00'), perDay: gbp('60.00') },
        after: { perPayment: null, perDay: null },
      },
    ],
  );
});

test('what changes nothing is accepted and not recorded', async (t) => {
  const { change, changes, rows } = await openWorld(t);
  t.is((await change({ perDay: null })).status, 200);
  t.is((await change({ perDay: 100 })).status, 200);
  t.is((await change({ perDay: 100 })).status, 200);
  t.is((await changes()).length, 1);
  t.is((await rows('limits')).length, 1);
});

test('a user’s own limits are told from those of the currency, and can be none at all', async (t) => {
  const { change, changes, alice } = await openWorld(t);
  await change({ perPayment: 100 });
  const own = { userId: alice, perPayment: unlimitedMinor, perDay: 900 };
  t.deepEqual(bodyOf(await change(own)), {
    ...{ currency: 'GBP', username: 'alice', perPayment: 'none', perDay: gbp('9.00') },
  });
  const last = (await changes()).at(-1);
  t.is(last?.subject, 'alice');
  t.deepEqual(JSON.parse(last?.after ?? ''), { perPayment: 'none', perDay: gbp('9.00') });
});

test('nobody but an active administrator changes a limit, whatever the door saw before', async (t) => {
  const { change, changes, root, alice, setStatus, writer, rows } = await openWorld(t);
  t.is(codeOf(await change({ perDay: 100 }, alice)), 'FORBIDDEN');
  await setStatus(root, 'frozen');
  t.is(codeOf(await change({ perDay: 100 })), 'ACCOUNT_FROZEN');
  await writer('users').where({ id: root }).update({ role: 'user' });
  await setStatus(root, 'active');
  t.is(codeOf(await change({ perDay: 100 })), 'FORBIDDEN');
  t.deepEqual([await rows('limits'), await changes()], [[], []]);
});

test('a currency that has gone since it was asked for has no limit', async (t) => {
  const { change, rows, changes } = await openWorld(t);
  t.is(codeOf(await change({ currency: 'ZZZ', perDay: 100 })), 'NOT_FOUND');
  t.deepEqual([await rows('limits'), await changes()], [[], []]);
});

test('a limit holds from the next payment on, in the same batch, too, and counts what was paid before', async (t) => {
  const { ledger, change, alice, bob, writer } = await openWorld(t);
  const pay = (from: number, to: string, minor: number, key: string) =>
    ledger.decide(payment(from, to, { amount: { minor, currency: 'GBP' } }, { key }));
  t.is((await pay(alice, 'bob', 700, '1')).status, 201);
  const outcomes = await Promise.all([
    pay(bob, 'alice', 2_000, '1'),
    change({ perDay: 1_000 }),
    pay(alice, 'bob', 301, '2'),
    pay(alice, 'bob', 300, '3'),
    pay(bob, 'alice', 1, '2'),
  ]);
  t.deepEqual(outcomes.map(codeOf), [undefined, undefined, 'LIMIT_EXCEEDED', undefined, 'LIMIT_EXCEEDED']);
  const { balance } = await writer('accounts').where({ user_id: alice }).first();
  t.is(balance, 100_000 - 700 - 300 + 2_000);
});

test('a day of more payments than a batch holds is summed exactly', async (t) => {
  const { ledger, change, alice, writer } = await openWorld(t);
  await change({ perDay: 1_201 });
  const one = { minor: 1, currency: 'GBP' };
  const outcomes = await Promise.all(
    Array.from({ length: 1_300 }, (_, place) =>
      ledger.decide(payment(alice, 'bob', { amount: one }, { key: `${place}` })),
    ),
  );
  t.deepEqual(
    outcomes.map(({ status }) => status),
    Array.from({ length: 1_300 }, (_, place) => (place < 1_201 ? 201 : 409)),
  );
  const { balance } = await writer('accounts').where({ user_id: alice }).first();
  t.is(balance, 100_000 - 1_201);
});
