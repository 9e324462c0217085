import test from 'ava';
import { Refusal } from '../../../server/errors.js';
import { usualFigures } from '../../../server/rate-figures.js';
import { isProblem } from '../support/problem.js';
import { readToEnd, startServer } from '../support/server.js';

test('a good answer says what is left of each limit that counted', async (t) => {
  const { ask } = await startServer(t, { rateLimits: usualFigures });
  const thing = await ask('/things/1');
  t.is(thing.headers['ratelimit-policy'], '"caller";q=1000;w=10');
  t.regex(String(thing.headers.ratelimit), /^"caller";r=999;t=(?:10|9)$/);
  const login = await ask('/login', { send: { username: 'alice', password: 'right' } });
  t.is(login.headers['ratelimit-policy'], '"caller";q=1000;w=10, "login";q=300;w=300');
  t.regex(String(login.headers.ratelimit), /^"caller";r=998;t=\d+, "login";r=299;t=(?:300|299)$/);
  const refused = await ask('/login', { send: { username: 'alice', password: 'wrong' } });
  t.regex(String(refused.headers.ratelimit), /^"caller";r=997;t=\d+, "login";r=298;t=\d+$/);
});

test('where nobody is limited no answer speaks of limits', async (t) => {
  const { ask } = await startServer(t);
  const { headers } = await ask('/things/1');
  t.is(headers.ratelimit, undefined);
  t.is(headers['ratelimit-policy'], undefined);
});

/** Twenty kibibytes of JSON that the route refuses after having read them. */
const long = `{"username":"alice","password":"right","padding":"${'x'.repeat(20 * 1024)}"}`;

test('bytes are charged before they are read: beyond what a caller may send the answer is 429', async (t) => {
  const { ask } = await startServer(t, {
    rateLimits: { ...usualFigures, sent: { points: 50, windowSeconds: 60 } },
  });
  const asked = { body: long, headers: { 'content-type': 'application/json' } };
  t.is((await ask('/login', asked)).status, 422);
  t.is((await ask('/login', asked)).status, 422);
  const refusal = await ask('/login', asked);
  isProblem(t, refusal, 'RATE_LIMITED');
  t.is(refusal.headers['ratelimit-policy'], '"sent";q=50;w=60');
  t.is((await ask('/login', { send: { username: 'alice', password: 'right' } })).status, 201);
});

test('a long body of who has sent too much is not read: the answer comes at once, and the connection ends', async (t) => {
  const { dial } = await startServer(t, {
    rateLimits: { ...usualFigures, sent: { points: 50, windowSeconds: 60 } },
  });
  const socket = await dial();
  socket.write(
    'POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{"',
  );
  const text = await readToEnd(socket);
  t.regex(text, /^HTTP\/1\.1 429 [\s\S]*\r\nConnection: close\r\n[\s\S]*"code":"RATE_LIMITED"/);
});

test('on a disk that is nearly full one act passes while it is small; reading and dry runs need no room', async (t) => {
  const { ask } = await startServer(t, {
    diskFloor: async () => {
      throw new Refusal('STORAGE_UNAVAILABLE', 'The disk is nearly full.', { tellsOutcome: true });
    },
  });
  const thing = (items: number, rest: object = {}) => ({
    token: 'alice-payer',
    headers: { 'idempotency-key': `key-${items}` },
    send: {
      name: 'ball',
      amount: '5',
      items: Array.from({ length: items }, () => ({ colour: 'red' })),
      ...rest,
    },
  });
  t.is((await ask('/things', thing(1))).status, 201);
  isProblem(t, await ask('/things', thing(400)), 'STORAGE_UNAVAILABLE');
  t.is((await ask('/things', thing(400, { dryRun: true }))).status, 201);
});
