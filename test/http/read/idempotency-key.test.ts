import test from 'ava';
import { isProblem } from '../support/problem.js';
import { startServer } from '../support/server.js';

const ball = { name: 'ball', amount: '5' };
const token = 'alice-payer';

test('an act that needs a key is refused without one, after its input was judged', async (t) => {
  const { ask } = await startServer(t);
  isProblem(t, await ask('/things', { token, send: ball }), 'IDEMPOTENCY_KEY_REQUIRED');
  isProblem(t, await ask('/things', { token, send: {} }), 'VALIDATION_FAILED');
});

test('a key is 1 to 255 visible ASCII characters', async (t) => {
  const { ask } = await startServer(t);
  for (const key of ['k', `${'!~'.repeat(127)}x`]) {
    const reply = await ask('/things', { token, send: ball, headers: { 'idempotency-key': key } });
    t.is(reply.json.idempotencyKey, key);
  }
  for (const key of ['', 'a b', 'x'.repeat(256), 'caf\xe9', 'a\tb', ['a', 'b']]) {
    const reply = await ask('/things', { token, send: ball, headers: { 'idempotency-key': key } });
    isProblem(t, reply, 'IDEMPOTENCY_KEY_INVALID');
  }
});

test('where the input needs no key none is given on, but a wrong one is still refused', async (t) => {
  const { ask } = await startServer(t);
  const send = { ...ball, dryRun: true };
  t.is((await ask('/things', { token, send })).json.idempotencyKey, null);
  t.is(
    (await ask('/things', { token, send, headers: { 'idempotency-key': 'k' } })).json.idempotencyKey,
    null,
  );
  isProblem(
    t,
    await ask('/things', { token, send, headers: { 'idempotency-key': 'a b' } }),
    'IDEMPOTENCY_KEY_INVALID',
  );
});

test('a route that knows no keys does not look at them', async (t) => {
  const { ask } = await startServer(t);
  t.is((await ask('/things/1', { headers: { 'idempotency-key': 'a b' } })).status, 200);
});
