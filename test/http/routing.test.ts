import test from 'ava';
import { makeRouter } from '../../server/http/router.js';
import { isProblem } from './support/problem.js';
import { testRoutes } from './support/routes.js';
import { readToEnd, startServer } from './support/server.js';

test('an unknown path is not found, whatever the method', async (t) => {
  const { ask } = await startServer(t);
  for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND']) {
    isProblem(t, await ask('/nowhere', { method }), 'NOT_FOUND');
  }
});

test('letter case, a trailing slash and doubled slashes make another path', async (t) => {
  const { ask } = await startServer(t);
  for (const path of ['/Things/1', '/things/1/', '//things/1', '/things//1', '/things/']) {
    isProblem(t, await ask(path), 'NOT_FOUND');
  }
});

test('a path without the method says which methods it has', async (t) => {
  const { ask } = await startServer(t);
  const refusal = await ask('/things', { method: 'PUT' });
  isProblem(t, refusal, 'METHOD_NOT_ALLOWED');
  t.is(refusal.headers.allow, 'GET, HEAD, POST');
  for (const method of ['OPTIONS', 'TRACE', 'PATCH']) {
    const other = await ask('/price/GBP/1', { method });
    isProblem(t, other, 'METHOD_NOT_ALLOWED');
    t.is(other.headers.allow, 'GET, HEAD');
  }
});

test('the method is judged before the credential', async (t) => {
  const { ask } = await startServer(t);
  isProblem(t, await ask('/things', { method: 'PUT', token: 'nobody' }), 'METHOD_NOT_ALLOWED');
});

test('HEAD is answered like GET, without the body', async (t) => {
  const { ask } = await startServer(t);
  const get = await ask('/things/1');
  const head = await ask('/things/1', { method: 'HEAD' });
  t.is(head.status, 200);
  t.is(head.text, '');
  t.is(head.headers['content-length'], get.headers['content-length']);
  t.is((await ask('/nowhere', { method: 'HEAD' })).status, 404);
});

test('a path without parameters comes before one with parameters that would take it, too', async (t) => {
  const { ask } = await startServer(t);
  t.is((await ask('/things/special')).text, '{ "special":true }');
  t.is((await ask('/things/speciality')).json.id, 'speciality');
});

test('a path is looked up exactly where the router would find it, and it has no parameters', (t) => {
  const routes = testRoutes({ enter: async () => {} });
  const { router, find } = makeRouter(routes, {
    authenticate: () => undefined,
    callerLimits: undefined,
    diskFloor: async () => {},
  });
  const paths = routes.map(({ path }) => path);
  for (const path of [...paths, '/', '/nowhere', '/Things', '/things/', '/things/special/', '/%74hings']) {
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'get']) {
      const matched = router.match(path, method).pathAndMethod.some((layer) => layer.path === path);
      // Of a method in small letters, which the parser refuses anyhow, the router is asked.
      t.is(find(method, path) !== undefined, matched && method !== 'get', `${method} ${path}`);
    }
  }
});

test('a path that is looked up is taken in absolute form and with a query, too', async (t) => {
  const { ask, dial, port } = await startServer(t);
  const socket = await dial();
  const target = `https://127.0.0.1:${port}/things/special`;
  socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  t.regex(await readToEnd(socket), /"special":true/);
  t.is((await ask('/things/special?')).status, 200);
  isProblem(t, await ask('/things/special?a=1'), 'VALIDATION_FAILED');
  t.is((await ask('/things?q=ball', { token: 'alice-reader' })).json.query.q, 'ball');
});

test('path parameters are decoded', async (t) => {
  const { ask } = await startServer(t);
  t.is((await ask('/things/a%2Fb%20%C3%A9+c')).json.id, 'a/b é+c');
  t.is((await ask('/things/__proto__')).json.id, '__proto__');
});

test('a path that is not percent-encoded UTF-8, or holds U+0000, is not found', async (t) => {
  const { ask } = await startServer(t);
  for (const path of ['/things/%', '/things/%zz', '/things/%ff', '/things/%C3', '/things/a%00b']) {
    isProblem(t, await ask(path), 'NOT_FOUND');
  }
});

test('a target in absolute form is taken, as RFC 9112 asks', async (t) => {
  const { dial, port } = await startServer(t);
  const socket = await dial();
  socket.write(`GET https://127.0.0.1:${port}/things/7 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  const answer = await readToEnd(socket);
  t.regex(answer, /^HTTP\/1\.1 200 /);
  t.regex(answer, /"id":"7"/);
});

test('what is in a path parameter but cannot be there is not found, unless its schema says what it is', async (t) => {
  const { ask } = await startServer(t);
  t.is((await ask('/price/GBP/12')).status, 200);
  isProblem(t, await ask('/price/XXX/12'), 'NOT_FOUND');
  isProblem(t, await ask('/price/XXX/1e3'), 'NOT_FOUND');
  const refusal = await ask('/price/GBP/1e3');
  isProblem(t, refusal, 'INVALID_AMOUNT');
  t.deepEqual(refusal.json.errors, [{ field: 'amount', message: 'is not an amount' }]);
});

test('the client gets the media type that it prefers', async (t) => {
  const { ask } = await startServer(t);
  const list = async (accept?: string) => {
    const reply = await ask('/things', { token: 'alice-reader', ...(accept && { headers: { accept } }) });
    return reply.headers['content-type'];
  };
  t.is(await list(), 'application/json');
  t.is(await list('*/*'), 'application/json');
  t.is(await list('application/*'), 'application/json');
  t.is(await list('application/problem+json'), 'application/json');
  t.is(await list('text/csv'), 'text/csv; charset=utf-8');
  t.is(await list('application/json;q=0.5, text/csv'), 'text/csv; charset=utf-8');
  t.is(await list('text/html, */*;q=0.1'), 'application/json');
});

test('a client that accepts none of the media types is told so', async (t) => {
  const { ask } = await startServer(t);
  isProblem(t, await ask('/things/1', { headers: { accept: 'text/html' } }), 'NOT_ACCEPTABLE');
  isProblem(t, await ask('/things/1', { headers: { accept: 'application/json;q=0' } }), 'NOT_ACCEPTABLE');
  const gone = await ask('/things/1', {
    method: 'DELETE',
    token: 'alice-session',
    headers: { accept: 'text/html' },
  });
  t.is(gone.status, 204);
});

test('an answer that is a stream arrives whole', async (t) => {
  const { ask } = await startServer(t);
  const reply = await ask('/things', { token: 'alice-reader', headers: { accept: 'text/csv' } });
  t.is(reply.text, 'name\nball\n');
});

test('the address and headers of an answer come from the use case', async (t) => {
  const { ask } = await startServer(t);
  const reply = await ask('/things', {
    token: 'alice-payer',
    send: { name: 'ball', amount: '5' },
    headers: { 'idempotency-key': 'k1', 'x-request-id': 'r1' },
  });
  t.is(reply.status, 201);
  t.is(reply.headers.location, '/things/1');
  t.deepEqual(reply.json, {
    body: { name: 'ball', amount: '5', dryRun: false },
    idempotencyKey: 'k1',
    requestId: 'r1',
    userId: 1,
  });
});
