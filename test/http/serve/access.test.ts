import test from 'ava';
import { Refusal } from '../../../server/errors.js';
import type { Viewer } from '../../../server/http/contract/route.js';
import { checkAccess } from '../../../server/http/serve/access.js';
import { isProblem } from '../support/problem.js';
import { startServer } from '../support/server.js';
import { viewers } from '../support/viewers.js';

test('a route for a user refuses who does not say who they are, with a challenge', async (t) => {
  const { ask } = await startServer(t);
  const bare = await ask('/things');
  isProblem(t, bare, 'UNAUTHENTICATED');
  t.is(bare.headers['www-authenticate'], 'Bearer realm="pay"');
  for (const authorization of [
    'Basic YTpi',
    'Bearer',
    'Bearer ',
    'Bearer nobody',
    'Bearer a b',
    'nobody',
    'Bearer ü',
  ]) {
    const refusal = await ask('/things', {
      headers: { authorization: Buffer.from(authorization).toString('latin1') },
    });
    isProblem(t, refusal, 'UNAUTHENTICATED');
    t.is(refusal.headers['www-authenticate'], 'Bearer realm="pay", error="invalid_token"');
  }
});

test('the name of the scheme is read in any letter case', async (t) => {
  const { ask } = await startServer(t);
  for (const scheme of ['bearer', 'BEARER', 'Bearer']) {
    t.is((await ask('/things', { headers: { authorization: `${scheme} alice-reader` } })).status, 200);
  }
});

test('a token in the query string is no credential', async (t) => {
  const { ask } = await startServer(t);
  isProblem(t, await ask('/things?access_token=alice-session'), 'UNAUTHENTICATED');
  isProblem(
    t,
    await ask('/things?access_token=alice-session', { token: 'alice-session' }),
    'VALIDATION_FAILED',
  );
});

test('on a route for anyone an Authorization header changes nothing', async (t) => {
  const { ask } = await startServer(t);
  for (const authorization of ['Basic YTpi', 'Bearer nobody', 'Bearer alice-session']) {
    t.is((await ask('/things/1', { headers: { authorization } })).json.viewer, null);
  }
});

test('a personal token may do what its scopes say, and a session all', async (t) => {
  const { ask } = await startServer(t);
  t.is((await ask('/things', { token: 'alice-reader' })).status, 200);
  t.is((await ask('/things', { token: 'alice-session' })).status, 200);
  const refusal = await ask('/things', { token: 'alice-payer' });
  isProblem(t, refusal, 'FORBIDDEN');
  t.is(refusal.headers['www-authenticate'], 'Bearer realm="pay", error="insufficient_scope", scope="read"');
});

test('a route for a session refuses personal tokens', async (t) => {
  const { ask } = await startServer(t);
  t.is((await ask('/things/1', { method: 'DELETE', token: 'alice-session' })).status, 204);
  isProblem(t, await ask('/things/1', { method: 'DELETE', token: 'alice-reader' }), 'FORBIDDEN');
});

test('what is for administrators takes the role, and of a token the scope as well', async (t) => {
  const { ask } = await startServer(t);
  t.is((await ask('/admin', { token: 'admin-session' })).status, 200);
  for (const token of ['alice-session', 'alice-would-be-admin', 'admin-reader']) {
    isProblem(t, await ask('/admin', { token }), 'FORBIDDEN');
  }
});

test('whoever must change the password can do that and nothing else', async (t) => {
  const { ask } = await startServer(t);
  for (const token of ['expired-session', 'expired-reader']) {
    isProblem(t, await ask('/things', { token }), 'PASSWORD_CHANGE_REQUIRED');
  }
  isProblem(
    t,
    await ask('/things/1', { method: 'DELETE', token: 'expired-session' }),
    'PASSWORD_CHANGE_REQUIRED',
  );
  t.is((await ask('/password', { method: 'POST', token: 'expired-session' })).status, 204);
});

test('access is judged before the body is looked at', async (t) => {
  const { ask } = await startServer(t);
  const wrong = { body: '{', headers: { 'content-type': 'text/plain' } };
  isProblem(t, await ask('/things', wrong), 'UNAUTHENTICATED');
  isProblem(t, await ask('/things', { ...wrong, token: 'alice-reader' }), 'FORBIDDEN');
});

test('a credential that cannot be looked up is a failure of the server, not of the caller', async (t) => {
  const { ask } = await startServer(t, {
    authenticate: async () => {
      throw new Refusal('STORAGE_UNAVAILABLE', 'The database does not answer.');
    },
  });
  const refusal = await ask('/things', { token: 'alice-session' });
  isProblem(t, refusal, 'STORAGE_UNAVAILABLE');
  t.is(refusal.headers['retry-after'], '1');
});

test('what an administrator changes takes a session of one: neither role nor session alone is enough', (t) => {
  const changing = { who: 'session', role: 'admin' } as const;
  const refused = (name: string) =>
    t.throws(() => checkAccess(changing, viewers[name] as Viewer), { instanceOf: Refusal }, name)?.code;
  t.notThrows(() => checkAccess(changing, viewers['admin-session'] as Viewer));
  for (const name of ['alice-session', 'alice-would-be-admin', 'admin-reader']) {
    t.is(refused(name), 'FORBIDDEN', name);
  }
  t.is(refused('expired-session'), 'PASSWORD_CHANGE_REQUIRED');
});
