import test from 'ava';
import { timeText } from '../../../server/clock.js';
import { publicId } from '../../../server/ids.js';
import { openGuarded } from '../../ledger/support/credentials.js';
import { bodyOf, codeOf } from '../../ledger/support/outcomes.js';

const dayMicros = 24 * 3600 * 1_000_000;

test('a session lasts thirty days from the login, by the clock of the machine', async (t) => {
  const { alice, decide, rows, machineNow } = await openGuarded(t);
  const beforeMicros = machineNow();
  const login = { tokenHash: 'a'.repeat(64), passwordHash: 'hash of alice' };
  const outcome = await decide(alice, 'open-session', login);
  const [session] = await rows('sessions');
  const createdAt = session?.created_at ?? 0;
  t.true(createdAt > beforeMicros && createdAt <= machineNow());
  t.like(session, { user_id: alice, token_hash: login.tokenHash, ended_at: null });
  t.is(session?.expires_at, createdAt + 30 * dayMicros);
  const { expiresAt, user } = bodyOf(outcome);
  t.is(expiresAt, timeText(createdAt + 30 * dayMicros));
  t.like(user, {
    id: publicId('usr', alice),
    username: 'alice',
    balance: { amount: '1000.00', currency: 'GBP' },
  });
});

test('a login never tells the hashes that it was made of', async (t) => {
  const { alice, decide } = await openGuarded(t);
  const login = { tokenHash: 'a'.repeat(64), passwordHash: 'hash of alice' };
  const { json } = await decide(alice, 'open-session', login);
  t.false(json.includes('hash of alice') || json.includes('aaaa'));
});

test('a password that was changed between check and login opens nothing', async (t) => {
  const { alice, decide, rows } = await openGuarded(t);
  const login = { tokenHash: 'a'.repeat(64), passwordHash: 'an older hash' };
  t.is(codeOf(await decide(alice, 'open-session', login)), 'INVALID_CREDENTIALS');
  t.deepEqual(await rows('sessions'), []);
});

test('a frozen user can log in', async (t) => {
  const { alice, openSession, setStatus } = await openGuarded(t);
  await setStatus(alice, 'frozen');
  t.is(await openSession(alice, 'hash of alice'), 1);
});

test('logging out ends that session alone, and once', async (t) => {
  const { alice, decide, openSession, rows } = await openGuarded(t);
  const [one, other] = [await openSession(alice, 'hash of alice'), await openSession(alice, 'hash of alice')];
  t.is((await decide(alice, 'end-session', { sessionId: one })).status, 204);
  const after = await rows('sessions');
  t.deepEqual(
    after.map(({ id, ended_at }) => [id, ended_at === null]),
    [
      [one, false],
      [other, true],
    ],
  );
  t.is((await decide(alice, 'end-session', { sessionId: one })).status, 204);
  t.deepEqual(await rows('sessions'), after);
});
