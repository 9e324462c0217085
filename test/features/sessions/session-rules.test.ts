import test from 'ava';
import { timeText } from '../../../server/clock.js';
import { openSession } from '../../../server/features/sessions/open-session.js';
import { publicId } from '../../../server/ids.js';
import { openGuarded } from '../../ledger/support/credentials.js';
import { bodyOf, codeOf } from '../../ledger/support/outcomes.js';
import { usualLifetimes } from '../../support/usual-lifetimes.js';
import { decidePurely } from '../webhooks/support/decide-purely.js';

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

const hourMicros = 3_600_000_000;

test('a session ends where it is left alone for a day, and lasts when it is used', async (t) => {
  const { alice, decide, openSession, rows, writer } = await openGuarded(t);
  const [used, left] = [await openSession(alice, 'hash of alice'), await openSession(alice, 'hash of alice')];
  const [opened] = await rows('sessions');
  const at = Number(opened?.created_at) + 23 * hourMicros;
  t.is(opened?.idle_until, Number(opened?.created_at) + 24 * hourMicros);
  const { idleMicros } = usualLifetimes;
  const uses = [{ kind: 'session', id: used, at }];
  t.is((await decide(alice, 'note-uses', { uses, idleMicros })).status, 204);
  t.like((await rows('sessions'))[0], { last_used_at: at, idle_until: at + 24 * hourMicros });
  await writer('sessions').where({ id: left }).update({ idle_until: 1 });
  await writer('chain_heads').where({ name: 'commits' }).increment('position');
  const change = { currentHash: 'hash of alice', newHash: 'other', sessionId: left };
  t.is(
    codeOf(await decide(alice, 'change-password', change, { kind: 'session', id: left })),
    'UNAUTHENTICATED',
  );
});

test('a use that is older than what is known, or comes after the end, changes nothing', async (t) => {
  const { alice, decide, openSession, createToken, rows } = await openGuarded(t);
  const id = await openSession(alice, 'hash of alice');
  const tokenId = await createToken(alice);
  const before = [await rows('sessions'), await rows('tokens')];
  const { created_at: openedAt = 0, idle_until: end = 0 } = (await rows('sessions'))[0] ?? {};
  const { expires_at: tokenEnd = 0 } = (await rows('tokens'))[0] ?? {};
  const uses = [
    { kind: 'session', id, at: openedAt - 1 },
    { kind: 'session', id, at: end },
    { kind: 'token', id: tokenId, at: tokenEnd },
    { kind: 'token', id: tokenId + 1, at: openedAt },
  ];
  t.is((await decide(alice, 'note-uses', { uses, idleMicros: 1 })).status, 204);
  t.deepEqual([await rows('sessions'), await rows('tokens')], before);
});

test('with a hundred sessions the next one ends that which was used longest ago', async (t) => {
  const { alice, bob, decide, openSession, rows } = await openGuarded(t);
  const ofBob = await openSession(bob, 'hash of bob');
  const ids: number[] = [];
  for (let count = 0; count < 100; count += 1) {
    ids.push(await openSession(alice, 'hash of alice'));
  }
  const [first = 0, second = 0] = ids;
  const at = Number((await rows('sessions')).at(-1)?.created_at) + 1;
  await decide(alice, 'note-uses', { uses: [{ kind: 'session', id: first, at }], idleMicros: hourMicros });
  await openSession(alice, 'hash of alice');
  const ended = (await rows('sessions')).filter(({ ended_at }) => ended_at !== null);
  t.deepEqual(
    ended.map(({ id }) => id),
    [second],
  );
  t.false(ended.some(({ id }) => id === ofBob));
  const act = (await rows('audit')).find(({ action }) => action === 'session.ended');
  t.regex(act?.reason ?? '', /as many as one user may have/);
});

test('sessions that are over make room by themselves', async (t) => {
  const { alice, openSession, rows, writer } = await openGuarded(t);
  await openSession(alice, 'hash of alice');
  const [before] = await rows('sessions');
  await writer('sessions').update({ idle_until: Number(before?.created_at) + 1 });
  await writer('chain_heads').where({ name: 'commits' }).increment('position');
  await openSession(alice, 'hash of alice');
  t.is((await rows('sessions'))[0]?.ended_at, Number(before?.created_at) + 1);
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

test('a hash of the same password with the parameters of today takes the place of an older one', async (t) => {
  const { alice, decide, rows } = await openGuarded(t);
  const login = { tokenHash: 'a'.repeat(64), passwordHash: 'hash of alice', newHash: 'better hash of alice' };
  t.is((await decide(alice, 'open-session', login)).status, 201);
  t.is((await rows('users')).find(({ id }) => id === alice)?.password_hash, 'better hash of alice');
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

test('nobody ends a session of somebody else, nor is told that there is one', async (t) => {
  const { alice, bob, decide, openSession, rows } = await openGuarded(t);
  const ofBob = await openSession(bob, 'hash of bob');
  const before = await rows('sessions');
  const [theirs, none] = [
    await decide(alice, 'end-session', { sessionId: ofBob }),
    await decide(alice, 'end-session', { sessionId: ofBob + 1 }),
  ];
  t.is(codeOf(theirs), 'NOT_FOUND');
  t.is(theirs.json, none.json);
  t.deepEqual(await rows('sessions'), before);
});

test('a one-time password opens sessions until the microsecond of its end, and they end with it', async (t) => {
  const { alice, rows } = await openGuarded(t);
  const end = 1_795_370_400_000_000;
  const users = (await rows('users')).map((user) => ({ ...user, one_time_until: end }));
  const tables = { users, accounts: await rows('accounts') };
  const login = {
    ...{ userId: alice, tokenHash: 'a'.repeat(64), passwordHash: 'hash of alice' },
    ...{ lifetimes: usualLifetimes, guesses: [] },
  };
  t.is(decidePurely(openSession, tables, login, end - 1).inserted.sessions?.[0]?.expires_at, end);
  t.like(
    t.throws(() => decidePurely(openSession, tables, login, end)),
    { code: 'INVALID_CREDENTIALS', details: { figures: { reason: 'expired' } } },
  );
});
