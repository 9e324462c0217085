import test from 'ava';
import { Refusal } from '../../../server/errors.js';
import { loginLimit } from '../../../server/features/sessions/login-limit.js';
import { makeRouteLimiter } from '../../../server/http/serve/rate-limiter.js';
import { isProblem } from '../support/problem.js';
import { startServer } from '../support/server.js';

const mostFailures = loginLimit.guesses.fromAddress.points;
const two = { points: 2, windowSeconds: 60 };

test('beyond what a caller may ask for the answer is 429 with the seconds to wait', async (t) => {
  const { ask } = await startServer(t, { rateLimits: true, callerLimit: two });
  t.is((await ask('/things/1')).status, 200);
  t.is((await ask('/things/1')).status, 200);
  const refusal = await ask('/things/1');
  isProblem(t, refusal, 'RATE_LIMITED');
  const seconds = Number(refusal.headers['retry-after']);
  t.true(Number.isInteger(seconds) && seconds >= 1 && seconds <= 60);
});

test('a logged-in user is a caller of their own, apart from the address and from other users', async (t) => {
  const { ask } = await startServer(t, { rateLimits: true, callerLimit: two });
  for (const token of ['alice-session', 'alice-reader']) {
    t.is((await ask('/things', { token })).status, 200);
  }
  t.is((await ask('/things', { token: 'alice-session' })).status, 429);
  t.is((await ask('/things', { token: 'bob-session' })).status, 200);
  t.is((await ask('/things/1')).status, 200);
});

test('registrations from one address are limited', async (t) => {
  const { ask } = await startServer(t, { rateLimits: true, figures: { registration: two } });
  for (const status of [200, 200, 429]) {
    t.is((await ask('/register', { method: 'POST' })).status, status);
  }
  t.is((await ask('/things/1')).status, 200);
});

test('attempts to set a password are limited for each user', async (t) => {
  const { ask } = await startServer(t, { rateLimits: true, figures: { password: two } });
  for (const status of [204, 204, 429]) {
    t.is((await ask('/password', { method: 'POST', token: 'alice-session' })).status, status);
  }
  t.is((await ask('/password', { method: 'POST', token: 'bob-session' })).status, 204);
});

test('logins from one address are limited, whoever they are for', async (t) => {
  const { ask } = await startServer(t, { rateLimits: true, figures: { loginOfAddress: two } });
  for (const [username, status] of [
    ['a', 201],
    ['b', 201],
    ['c', 429],
  ] as const) {
    t.is((await ask('/login', { send: { username, password: 'right' } })).status, status);
  }
});

test('wrong passwords for one username are limited, in whatever letter case, and others are not', async (t) => {
  const { ask } = await startServer(t, { rateLimits: true, figures: { loginOfPair: two } });
  for (const [username, status] of [
    ['alice', 401],
    ['ALICE', 401],
    ['Alice', 429],
  ] as const) {
    t.is((await ask('/login', { send: { username, password: 'wrong' } })).status, status);
  }
  t.is((await ask('/login', { send: { username: 'bob', password: 'wrong' } })).status, 401);
});

test('a right password forgives the wrong ones before it', async (t) => {
  const { ask } = await startServer(t, { rateLimits: true, figures: { loginOfPair: two } });
  for (const [password, status] of [
    ['wrong', 401],
    ['right', 201],
    ['wrong', 401],
    ['right', 201],
  ] as const) {
    t.is((await ask('/login', { send: { username: 'alice', password } })).status, status);
  }
});

test('a refusal that is answered rather than thrown forgives nothing', async (t) => {
  const { ask } = await startServer(t, { rateLimits: true, figures: { loginOfPair: two } });
  for (const [password, status] of [
    ['wrong', 401],
    ['changed', 401],
    ['wrong', 429],
  ] as const) {
    t.is((await ask('/login', { send: { username: 'alice', password } })).status, status);
  }
});

test('guessing one user from many addresses is limited, and does not lock out who has logged in before', async (t) => {
  const whose = 'alice';
  const { guesses } = makeRouteLimiter({
    calls: two,
    guesses: { whose: () => whose, fromAddress: { points: 1_000, windowSeconds: 60 }, fromStrangers: two },
  });
  const home = { whose, address: '10.0.0.1' };
  await guesses?.admit(home);
  await guesses?.noteRight(home);

  const guess = async (address: string) => guesses?.admit({ whose, address });
  await guess('10.6.6.1');
  await guess('10.6.6.2');
  const refusal = await t.throwsAsync(guess('10.6.6.3'), { instanceOf: Refusal });
  t.is(refusal.code, 'RATE_LIMITED');
  await t.notThrowsAsync(guess(home.address));
  await t.throwsAsync(guess('10.0.0.2'));
});

test('with limits off nothing is limited', async (t) => {
  const { ask } = await startServer(t, { rateLimits: false });
  for (let count = 0; count < mostFailures + 5; count += 1) {
    t.is((await ask('/login', { send: { username: 'alice', password: 'wrong' } })).status, 401);
  }
});

test('the usual figures let a burst of logins and registrations through', async (t) => {
  const { ask } = await startServer(t, { rateLimits: true });
  for (let count = 0; count < 100; count += 1) {
    t.is((await ask('/login', { send: { username: `user${count}`, password: 'right' } })).status, 201);
    t.is((await ask('/register', { method: 'POST' })).status, 200);
  }
});

test('the usual figures stop whoever guesses a password', async (t) => {
  const { ask } = await startServer(t, { rateLimits: true });
  const statuses = new Set<number>();
  for (let count = 0; count <= mostFailures; count += 1) {
    statuses.add((await ask('/login', { send: { username: 'alice', password: `guess ${count}` } })).status);
  }
  t.deepEqual([...statuses], [401, 429]);
});
