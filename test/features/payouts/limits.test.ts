import test, { type ExecutionContext } from 'ava';
import type { LimitRow } from '../../../db/tables/users.js';
import { limitSubject } from '../../../server/features/limits/limits.js';
import { auditBooks } from '../../ledger/support/audit.js';
import { callerOf, registration } from '../../ledger/support/callers.js';
import { bodyOf, codeOf, numberOf } from '../../ledger/support/outcomes.js';
import { openRealBooks } from '../../ledger/support/real-books.js';
import { ruleNamed } from '../../ledger/support/rule-named.js';

/** Alice, who may not pay more than the limit says, and bob. Gives what pays him these amounts, and what he has. */
async function openScene(t: ExecutionContext, limit: Pick<LimitRow, 'per_payment' | 'per_day'>) {
  const books = await openRealBooks(t);
  const [alice = 0, bob = 0] = await Promise.all(
    ['alice', 'bob'].map(async (name) => numberOf('usr', await books.ledger.decide(registration(name)))),
  );
  await books
    .writer('limits')
    .insert({ subject: limitSubject(alice), user_id: alice, currency: 'GBP', ...limit });
  // As another writer does, so that the ledger sees that the books have moved.
  await books.writer('chain_heads').where({ name: 'commits' }).increment('position');
  return {
    books,
    pay: (mode: 'each' | 'all', minors: readonly number[], key: string) => {
      const items = minors.map((minor) => ({ to: 'bob', amount: { minor, currency: 'GBP' }, memo: null }));
      const input = { senderId: alice, mode, items };
      return books.ledger.decide({
        rule: ruleNamed('send-payout'),
        input,
        facts: null,
        caller: callerOf(alice),
        key,
      });
    },
    async gained() {
      const account = await books.writer('accounts').where({ user_id: bob }).first();
      return account.balance - 100_000;
    },
  };
}

const statusesOf = (outcome: Parameters<typeof bodyOf>[0]): number[] =>
  bodyOf(outcome).results.map(({ status }: { status: number }) => status);

test('a limit of one payment is judged for each item, not for the sum', async (t) => {
  const { books, pay, gained } = await openScene(t, { per_payment: 500, per_day: null });
  t.deepEqual(statusesOf(await pay('each', [500, 501, 400], 'a')), [201, 409, 201]);
  const whole = await pay('all', [500, 501], 'b');
  t.is(codeOf(whole), 'LIMIT_EXCEEDED');
  t.like(bodyOf(whole), { which: 'per_payment', items: [{ index: 1, code: 'LIMIT_EXCEEDED' }] });
  t.is(await gained(), 900);
  t.is((await pay('all', [500, 500], 'c')).status, 201);
  t.deepEqual(auditBooks(await books.tables()), []);
});

test('a limit of the day counts the items before, and what all was refused counts for nothing', async (t) => {
  const { books, pay, gained } = await openScene(t, { per_payment: null, per_day: 1_000 });
  const whole = await pay('all', [400, 400, 201], 'a');
  t.is(codeOf(whole), 'LIMIT_EXCEEDED');
  t.like(bodyOf(whole), {
    which: 'per_day',
    remaining: { amount: '2.00', currency: 'GBP' },
    items: [{ index: 2 }],
  });
  t.is(await gained(), 0);
  t.deepEqual(statusesOf(await pay('each', [400, 400, 201, 200, 1], 'b')), [201, 201, 409, 201, 409]);
  t.is(await gained(), 1_000);
  t.deepEqual(auditBooks(await books.tables()), []);
});
