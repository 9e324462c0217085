import test from 'ava';
import { changePassword } from '../../../server/features/accounts/change-password.js';
import { openGuarded } from '../../ledger/support/credentials.js';
import { bodyOf, codeOf } from '../../ledger/support/outcomes.js';
import { decidePurely } from '../webhooks/support/decide-purely.js';
import { webhook } from '../webhooks/support/rows.js';

test('a new password ends every other session and every token of the user, and that of nobody else', async (t) => {
  const { alice, bob, decide, openSession, createToken, rows } = await openGuarded(t);
  const kept = await openSession(alice, 'hash of alice');
  const other = await openSession(alice, 'hash of alice');
  const ofBob = await openSession(bob, 'hash of bob');
  const token = await createToken(alice);
  const tokenOfBob = await createToken(bob);
  const change = { sessionId: kept, currentHash: 'hash of alice', newHash: 'new hash' };
  t.is((await decide(alice, 'change-password', change)).status, 204);
  t.deepEqual(
    Object.fromEntries((await rows('sessions')).map(({ id, ended_at }) => [id, ended_at === null])),
    { [kept]: true, [other]: false, [ofBob]: true },
  );
  t.deepEqual(
    Object.fromEntries((await rows('tokens')).map(({ id, revoked_at }) => [id, revoked_at === null])),
    { [token]: false, [tokenOfBob]: true },
  );
  t.deepEqual(
    (await rows('users')).map(({ password_hash }) => password_hash),
    ['new hash', 'hash of bob'],
  );
});

test('of the webhooks of a user those stay that were made with the session that stays, and no other', async (t) => {
  const { alice, openSession, rows } = await openGuarded(t);
  const kept = await openSession(alice, 'hash of alice');
  const other = await openSession(alice, 'hash of alice');
  const madeWith = [
    { session_id: kept, token_id: null },
    { session_id: other, token_id: null },
    { session_id: null, token_id: 1 },
    // By an older version, which did not say.
    { session_id: null, token_id: null },
  ];
  const webhooks = madeWith.map((what, place) => ({ ...webhook, id: place + 1, user_id: alice, ...what }));
  const tables = { users: await rows('users'), sessions: await rows('sessions'), webhooks };
  const change = { userId: alice, sessionId: kept, currentHash: 'hash of alice', newHash: 'new hash' };
  const { updated } = decidePurely(changePassword, tables, change, 2);
  t.deepEqual(
    updated.webhooks?.map(({ id, status }) => [id, status]),
    [2, 3, 4].map((id) => [id, 'disabled']),
  );
});

test('a password that had to be changed has been', async (t) => {
  const { alice, decide, openSession, rows, writer } = await openGuarded(t);
  const sessionId = await openSession(alice, 'hash of alice');
  await writer('users').where({ id: alice }).update({ one_time_until: Number.MAX_SAFE_INTEGER });
  await decide(alice, 'change-password', { sessionId, currentHash: 'hash of alice', newHash: 'new hash' });
  t.is((await rows('users'))[0]?.one_time_until, null);
});

test('a password that was changed meanwhile is WRONG_PASSWORD and changes nothing', async (t) => {
  const { alice, decide, openSession, createToken, tables } = await openGuarded(t);
  const sessionId = await openSession(alice, 'hash of alice');
  await openSession(alice, 'hash of alice');
  await createToken(alice);
  const before = await tables();
  const change = { sessionId, currentHash: 'an older hash', newHash: 'new hash' };
  const outcome = await decide(alice, 'change-password', change);
  t.is(codeOf(outcome), 'WRONG_PASSWORD');
  t.deepEqual(bodyOf(outcome).errors, [{ field: 'currentPassword', message: 'is wrong' }]);
  t.deepEqual(await tables(), before);
});

test('what comes in the same batch after a change of password sees it', async (t) => {
  const { alice, decide, openSession, createToken, rows } = await openGuarded(t);
  const kept = await openSession(alice, 'hash of alice');
  const other = await openSession(alice, 'hash of alice');
  const token = await createToken(alice);
  const newToken = { name: 'script', scopes: ['read'], expiresInDays: 1 };
  const change = { sessionId: kept, currentHash: 'hash of alice', newHash: 'new hash' };
  const outcomes = await Promise.all([
    decide(alice, 'open-session', { tokenHash: 'a'.repeat(64), passwordHash: 'hash of alice' }),
    decide(alice, 'change-password', change),
    decide(alice, 'open-session', { tokenHash: 'b'.repeat(64), passwordHash: 'hash of alice' }),
    decide(alice, 'create-token', { tokenHash: 'c'.repeat(64), ...newToken }, { kind: 'session', id: other }),
    decide(alice, 'revoke-token', { tokenId: token }),
    decide(alice, 'change-password', change),
    decide(alice, 'open-session', { tokenHash: 'd'.repeat(64), passwordHash: 'new hash' }),
  ]);
  t.deepEqual(outcomes.map(codeOf), [
    ...[undefined, undefined, 'INVALID_CREDENTIALS', 'UNAUTHENTICATED', 'NOT_FOUND', 'WRONG_PASSWORD'],
    undefined,
  ]);
  const live = (await rows('sessions')).filter(({ ended_at }) => ended_at === null);
  t.deepEqual(
    live.map(({ id, token_hash }) => (id === kept ? 'kept' : token_hash)),
    ['kept', 'd'.repeat(64)],
  );
});
