import test from 'ava';
import { type LimitName, usualFigures } from '../../../server/rate-figures.js';
import { isProblem } from '../support/problem.js';
import { startServer } from '../support/server.js';

/** The usual limits, but for one of two points a minute. */
const twoOf = (name: LimitName) => ({
  rateLimits: { ...usualFigures, [name]: { points: 2, windowSeconds: 60 } },
});

test('beyond what a caller may ask for the answer is 429 with the seconds to wait', async (t) => {
  const { ask } = await startServer(t, twoOf('caller'));
  t.is((await ask('/things/1')).status, 200);
  t.is((await ask('/things/1')).status, 200);
  const refusal = await ask('/things/1');
  isProblem(t, refusal, 'RATE_LIMITED');
  const seconds = Number(refusal.headers['retry-after']);
  t.true(Number.isInteger(seconds) && seconds >= 1 && seconds <= 60);
  t.is(refusal.headers['ratelimit-policy'], '"caller";q=2;w=60');
  t.is(refusal.headers.ratelimit, `"caller";r=0;t=${seconds}`);
});

test('a logged-in user is a caller of their own, apart from the address and from other users', async (t) => {
  const { ask } = await startServer(t, twoOf('caller'));
  for (const token of ['alice-session', 'alice-reader']) {
    t.is((await ask('/things', { token })).status, 200);
  }
  t.is((await ask('/things', { token: 'alice-session' })).status, 429);
  t.is((await ask('/things', { token: 'bob-session' })).status, 200);
  t.is((await ask('/things/1')).status, 200);
});

test('registrations from one address are limited', async (t) => {
  const { ask } = await startServer(t, twoOf('registration'));
  for (const status of [200, 200, 429]) {
    t.is((await ask('/register', { method: 'POST' })).status, status);
  }
  t.is((await ask('/things/1')).status, 200);
});

test('attempts to set a password are limited for each user', async (t) => {
  const { ask } = await startServer(t, twoOf('password'));
  for (const status of [204, 204, 429]) {
    t.is((await ask('/password', { method: 'POST', token: 'alice-session' })).status, status);
  }
  t.is((await ask('/password', { method: 'POST', token: 'bob-session' })).status, 204);
});

test('logins from one address are limited, whoever they are for', async (t) => {
  const { ask } = await startServer(t, twoOf('login'));
  for (const [username, status] of [
    ['a', 201],
    ['b', 201],
    ['c', 429],
  ] as const) {
    t.is((await ask('/login', { send: { username, password: 'right' } })).status, status);
  }
});

test('with limits off nothing is limited', async (t) => {
  const { ask } = await startServer(t);
  for (let count = 0; count < usualFigures.login.points + 5; count += 1) {
    t.is((await ask('/login', { send: { username: 'alice', password: 'wrong' } })).status, 401);
  }
});

test('the usual figures let a burst of logins and registrations through', async (t) => {
  const { ask } = await startServer(t, { rateLimits: usualFigures });
  for (let count = 0; count < 100; count += 1) {
    t.is((await ask('/login', { send: { username: `user${count}`, password: 'right' } })).status, 201);
    t.is((await ask('/register', { method: 'POST' })).status, 200);
  }
});

test('whoever tries tokens or addresses is stopped, and what is there is still answered', async (t) => {
  const { ask } = await startServer(t, twoOf('misses'));
  t.is((await ask('/nothing-here')).status, 404);
  t.is((await ask('/things', { token: 'nobody' })).status, 401);
  for (const path of ['/nothing-here', '/things']) {
    const refusal = await ask(path, { token: 'nobody' });
    isProblem(t, refusal, 'RATE_LIMITED');
    t.regex(String(refusal.headers['ratelimit-policy']), /^"misses"/);
  }
  t.is((await ask('/things', { token: 'alice-session' })).status, 200);
  t.is((await ask('/things/1')).status, 200);
});

test('behind a trusted proxy callers are those whom it names; whoever else names somebody is not believed', async (t) => {
  const headers = (address: string) => ({ 'x-forwarded-for': address });
  const believing = await startServer(t, { ...twoOf('caller'), trustedProxies: ['127.0.0.1', '10.0.0.0/8'] });
  for (const [address, status] of [
    ['192.0.2.1', 200],
    ['192.0.2.1', 200],
    ['192.0.2.1', 429],
    ['192.0.2.2', 200],
    ['192.0.2.9, 192.0.2.1', 429],
    ['192.0.2.1, 10.1.2.3', 429],
    ['2001:db8:1:2::1', 200],
    ['2001:db8:1:2:ffff::2', 200],
    ['2001:db8:1:2::3', 429],
    ['2001:db8:1:3::3', 200],
  ] as const) {
    t.is((await believing.ask('/things/1', { headers: headers(address) })).status, status, address);
  }
  const plain = await startServer(t, twoOf('caller'));
  for (const [address, status] of [
    ['192.0.2.1', 200],
    ['192.0.2.2', 200],
    ['192.0.2.3', 429],
  ] as const) {
    t.is((await plain.ask('/things/1', { headers: headers(address) })).status, status);
  }
});
