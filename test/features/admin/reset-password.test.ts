import test from 'ava';
import { codeOf } from '../../ledger/support/outcomes.js';
import { usualLifetimes } from '../../support/usual-lifetimes.js';
import { change, makeOffice, type Name, type Office, reset } from './support/office.js';
import { isRefused } from './support/refused.js';

function logIn(office: Office, name: Name, passwordHash = `hash of ${name}`) {
  const userId = office.idOf(name);
  const tokenHash = `token ${office.tables.sessions.length}`;
  return office.do({
    by: name,
    rule: 'open-session',
    input: { userId, tokenHash, passwordHash, lifetimes: usualLifetimes, guesses: [] },
  });
}

function makeToken(office: Office, name: Name): void {
  const userId = office.idOf(name);
  const sessionId = office.tables.sessions.find(({ user_id }) => user_id === userId)?.id;
  const input = { userId, sessionId, tokenHash: `of ${name}`, name: 'script', scopes: ['read'] };
  office.do({ by: name, rule: 'create-token', input: { ...input, expiresInDays: 1 } });
}

test('all sessions and tokens of the user end, those of others stay', (t) => {
  const office = makeOffice();
  for (const name of ['alice', 'alice', 'bob'] as const) {
    t.is(logIn(office, name).status, 201);
  }
  makeToken(office, 'alice');
  makeToken(office, 'bob');
  t.is(office.do(reset('root', 'alice')).status, 200);
  const [alice, bob] = [office.idOf('alice'), office.idOf('bob')];
  const { sessions, tokens } = office.tables;
  t.deepEqual(
    sessions.map(({ user_id, ended_at }) => [user_id, ended_at === null]),
    [
      [alice, false],
      [alice, false],
      [bob, true],
    ],
  );
  t.deepEqual(
    tokens.map(({ user_id, revoked_at }) => [user_id, revoked_at === null]),
    [
      [alice, false],
      [bob, true],
    ],
  );
  t.like(office.user('alice'), { password_hash: 'one-time hash' });
});

test('the trail says what was ended and holds no hash', (t) => {
  const office = makeOffice();
  logIn(office, 'alice');
  const recorded = office.trail.length;
  const outcome = office.do(reset('root', 'alice'));
  t.regex(outcome.json, /^\{"expiresAt":"2026-11-23T/);
  const [act, ...more] = office.trail.slice(recorded);
  t.deepEqual(more, []);
  t.like(act, {
    action: 'password.reset',
    subject: 'alice',
    reason: 'because',
    actor_id: office.idOf('root'),
  });
  t.is(act?.after, '{"mustChangePassword":true,"endedSessions":1,"revokedTokens":0}');
  t.notRegex(JSON.stringify(office.trail), /hash of|one-time/);
});

test('a login with the old password that comes just after is refused', (t) => {
  const office = makeOffice();
  office.do(reset('root', 'alice'));
  t.is(codeOf(logIn(office, 'alice')), 'INVALID_CREDENTIALS');
  t.is(logIn(office, 'alice', 'one-time hash').status, 201);
});

test('the new password of the user takes the place of the one-time one', (t) => {
  const office = makeOffice();
  office.do(reset('root', 'alice'));
  logIn(office, 'alice', 'one-time hash');
  const sessionId = office.tables.sessions[0]?.id;
  const input = { userId: office.idOf('alice'), sessionId, currentHash: 'one-time hash', newHash: 'mine' };
  t.is(office.do({ by: 'alice', rule: 'change-password', input }).status, 204);
  t.like(office.user('alice'), { password_hash: 'mine', one_time_until: null });
});

test('nobody resets their own, and nobody but an administrator that of others', (t) => {
  const office = makeOffice();
  isRefused(t, office, reset('root', 'root'), 'FORBIDDEN');
  isRefused(t, office, reset('alice', 'bob'), 'FORBIDDEN');
  isRefused(t, office, reset(null, 'bob'), 'FORBIDDEN');
  isRefused(t, office, reset('root', 'nobody'), 'NOT_FOUND');
  office.do(change('root', 'second', { status: 'frozen' }));
  isRefused(t, office, reset('second', 'bob'), 'ACCOUNT_FROZEN');
});

test('an administrator’s can be reset by another', (t) => {
  const office = makeOffice();
  t.regex(office.do(reset('root', 'second')).json, /expiresAt/);
  t.not(office.user('second').one_time_until, null);
});
