import test from 'ava';
import type { ProfileChange } from '../../../server/features/accounts/change-profile.js';
import type { Ledger } from '../../../server/ledger/ledger.js';
import { callerOf, registration } from '../../ledger/support/callers.js';
import { bodyOf, numberOf } from '../../ledger/support/outcomes.js';
import { openRealBooks } from '../../ledger/support/real-books.js';
import { ruleNamed } from '../../ledger/support/rule-named.js';

const register = async (ledger: Ledger, username: string): Promise<number> =>
  numberOf('usr', await ledger.decide(registration(username)));

const change = (ledger: Ledger, input: ProfileChange) =>
  ledger.decide({ rule: ruleNamed('change-profile'), input, caller: callerOf(input.userId) });

test('what is named changes and the rest stays', async (t) => {
  const { ledger, rows } = await openRealBooks(t);
  const userId = await register(ledger, 'alice');
  t.like(bodyOf(await change(ledger, { userId, displayName: 'Al' })), {
    displayName: 'Al',
    email: 'alice@example.org',
  });
  t.like(bodyOf(await change(ledger, { userId, email: 'New@Example.org' })), {
    displayName: 'Al',
    email: 'New@Example.org',
  });
  t.like(bodyOf(await change(ledger, { userId, displayName: null })), {
    displayName: null,
    email: 'New@Example.org',
  });
  t.like((await rows('users'))[0], { email_key: 'new@example.org', display_name: null, username: 'alice' });
});

test('a change that names nothing changes nothing', async (t) => {
  const { ledger, rows } = await openRealBooks(t);
  const userId = await register(ledger, 'alice');
  const before = await rows('users');
  t.is((await change(ledger, { userId })).status, 200);
  t.deepEqual(await rows('users'), before);
});

test("one's own address can be spelled anew", async (t) => {
  const { ledger } = await openRealBooks(t);
  const userId = await register(ledger, 'alice');
  t.is(bodyOf(await change(ledger, { userId, email: 'ALICE@example.org' })).email, 'ALICE@example.org');
});

test("somebody else's address can be one's own, too", async (t) => {
  const { ledger, rows } = await openRealBooks(t);
  const userId = await register(ledger, 'alice');
  await register(ledger, 'bob');
  t.is(bodyOf(await change(ledger, { userId, email: 'BOB@example.org' })).email, 'BOB@example.org');
  t.deepEqual(
    (await rows('users')).map(({ email_key }) => email_key),
    ['bob@example.org', 'bob@example.org'],
  );
});
