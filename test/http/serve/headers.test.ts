import test from 'ava';
import { startServer } from '../support/server.js';

test('every answer carries the headers of helmet and may not be kept', async (t) => {
  const { ask } = await startServer(t);
  const replies = [
    await ask('/things/1'),
    await ask('/nowhere'),
    await ask('/bug'),
    await ask('/things/1', { method: 'DELETE', token: 'alice-session' }),
    await ask('/docs/start.js'),
  ];
  t.deepEqual(
    replies.map((reply) => reply.status),
    [200, 404, 500, 204, 200],
  );
  for (const { headers } of replies) {
    t.is(headers['cache-control'], 'no-store');
    t.is(headers['x-content-type-options'], 'nosniff');
    t.is(headers['x-frame-options'], 'SAMEORIGIN');
    t.is(headers['strict-transport-security'], 'max-age=31536000; includeSubDomains');
    t.is(headers['referrer-policy'], 'no-referrer');
    t.is(headers['access-control-allow-origin'], undefined);
    t.is(headers['content-security-policy'], "default-src 'none';base-uri 'none';frame-ancestors 'none'");
    t.is(headers['x-powered-by'], undefined);
  }
});

test('a sane request id of the client is echoed, in the body of a refusal, too', async (t) => {
  const { ask } = await startServer(t);
  const id = 'A-z_0.9'.padEnd(128, 'x');
  const answer = await ask('/things/1', { headers: { 'x-request-id': id } });
  t.is(answer.headers['x-request-id'], id);
  const refusal = await ask('/nowhere', { headers: { 'x-request-id': id } });
  t.is(refusal.headers['x-request-id'], id);
  t.is(refusal.json.requestId, id);
});

test('any other request id is replaced by a fresh one', async (t) => {
  const { ask } = await startServer(t);
  const seen = new Set<string>();
  for (const headers of [
    {},
    { 'x-request-id': 'x'.repeat(129) },
    { 'x-request-id': 'a b' },
    { 'x-request-id': 'a,b' },
  ]) {
    const id = String((await ask('/things/1', { headers })).headers['x-request-id']);
    t.regex(id, /^[0-9a-f-]{36}$/);
    seen.add(id);
  }
  t.is(seen.size, 4);
});

test('two request ids in one request are not taken for one', async (t) => {
  const { ask } = await startServer(t);
  const { headers } = await ask('/things/1', { headers: { 'x-request-id': ['one', 'two'] } });
  t.regex(String(headers['x-request-id']), /^[0-9a-f-]{36}$/);
});
