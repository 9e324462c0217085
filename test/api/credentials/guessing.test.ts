import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type ApiServer, serverForFile, startServer } from '../support/api-server.js';
import { runSql } from '../support/database.js';
import { freshName, goodPassword, logIn, newPerson, register } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

/** Small figures, so that few guesses do; requests say themselves where they come from, as behind a proxy. */
const environment = {
  PAY_RATE_LIMITS: 'guessesAtPlace=3/40 guessesOfAccount=4/30 guessesOfNetwork=6/30',
  PAY_TRUSTED_PROXIES: '127.0.0.1',
};

const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });

const tryToLogIn = ({ ask }: ApiServer, username: string, address: string, password = 'wrong-guess-1') =>
  ask('/v1/sessions', { send: { username, password }, ...from(address) });

const serverOf = serverForFile(test, { environment });

async function started(t: ExecutionContext, dataDir: string): Promise<ApiServer> {
  const server = await startServer({ environment, dataDir });
  t.teardown(() => server.stop());
  return server;
}

test('guesses at one account are stopped with a wait, from wherever they come, and a restart forgets none', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'pay-guessing-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const server = await started(t, folder);
  const { username } = (await register(server)).json;
  for (let count = 0; count < 4; count += 1) {
    isRefused(t, await tryToLogIn(server, username, `192.0.2.${count}`), 'INVALID_CREDENTIALS');
  }
  const refused = await tryToLogIn(server, username, '192.0.2.99', goodPassword);
  isRefused(t, refused, 'RATE_LIMITED', { detail: /wrong tries/ });
  const seconds = Number(refused.headers['retry-after']);
  t.true(seconds > 20 && seconds <= 30, `${seconds}`);
  t.is(refused.headers['ratelimit-policy'], '"guesses";q=4;w=30');
  t.is(refused.headers.ratelimit, `"guesses";r=0;t=${seconds}`);
  t.is(await server.stop(), 0);
  const again = await started(t, folder);
  isRefused(t, await tryToLogIn(again, username.toUpperCase(), '198.51.100.7'), 'RATE_LIMITED');
  await runSql(again, 'update guesses set blocked_until = 1');
  t.is((await tryToLogIn(again, username, '198.51.100.7', goodPassword)).status, 201);
});

test('strangers do not lock a user out of the place that the user has logged in from', async (t) => {
  const server = serverOf();
  const { username } = await newPerson(server);
  for (let count = 0; count < 5; count += 1) {
    await tryToLogIn(server, username, `192.0.3.${count}`);
  }
  isRefused(t, await tryToLogIn(server, username, '192.0.3.200'), 'RATE_LIMITED');
  t.truthy(await logIn(server, username));
  for (let count = 0; count < 3; count += 1) {
    isRefused(t, await tryToLogIn(server, username, '127.0.0.1'), 'INVALID_CREDENTIALS');
  }
  const refused = await tryToLogIn(server, username, '127.0.0.1', goodPassword);
  isRefused(t, refused, 'RATE_LIMITED');
  t.true(Number(refused.headers['retry-after']) > 30);
});

test('one network that guesses at many accounts is stopped, the whole /64 of it, known names or not', async (t) => {
  const server = serverOf();
  const { username } = (await register(server)).json;
  for (let count = 0; count < 6; count += 1) {
    const address = `2001:db8:1:2::${count + 1}`;
    isRefused(t, await tryToLogIn(server, freshName(), address), 'INVALID_CREDENTIALS');
  }
  isRefused(t, await tryToLogIn(server, freshName(), '2001:db8:1:2:ffff::1'), 'RATE_LIMITED');
  isRefused(t, await tryToLogIn(server, username, '2001:db8:1:2::9', goodPassword), 'RATE_LIMITED');
  t.is((await tryToLogIn(server, username, '2001:db8:1:3::9', goodPassword)).status, 201);
});

test('a name that nobody has is stopped as one that somebody has', async (t) => {
  const server = serverOf();
  const [nobody, { username }] = [freshName(), (await register(server)).json];
  const statuses = async (name: string, block: number) => {
    const all: number[] = [];
    for (let count = 0; count < 6; count += 1) {
      all.push((await tryToLogIn(server, name, `198.51.${block}.${count}`)).status);
    }
    return all;
  };
  t.deepEqual(await statuses(nobody, 1), await statuses(username, 2));
});

test('the current password is guarded like the one at the login', async (t) => {
  const server = serverOf();
  const { token } = await newPerson(server);
  const send = { currentPassword: 'wrong-guess-1', newPassword: 'velvet-anchor-77' };
  for (let count = 0; count < 3; count += 1) {
    isRefused(t, await server.ask('/v1/me/password', { token, send }), 'WRONG_PASSWORD');
  }
  const right = { ...send, currentPassword: goodPassword };
  isRefused(t, await server.ask('/v1/me/password', { token, send: right }), 'RATE_LIMITED');
});

test('many guesses at once are a few', async (t) => {
  const server = serverOf();
  const { username } = (await register(server)).json;
  const replies = await Promise.all(
    Array.from({ length: 30 }, (_, index) => tryToLogIn(server, username, `203.0.113.${index}`)),
  );
  t.true(replies.filter(({ status }) => status === 401).length <= 8);
  t.true(replies.every(({ status }) => status === 401 || status === 429));
});

test('the figures in force are published', async (t) => {
  const { json } = await serverOf().ask('/v1/server');
  t.like(json.rateLimits, {
    guessesAtPlace: { points: 3, windowSeconds: 40 },
    caller: { points: 1_000, windowSeconds: 10 },
  });
  t.deepEqual(json.guesses, { longestWaitSeconds: 3_600, forgottenAfterSeconds: 86_400 });
});
