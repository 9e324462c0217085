import test from 'ava';
import { until } from '../../support/until.js';
import { newAdmin } from '../support/admins.js';
import { serverForFile } from '../support/api-server.js';
import { freshName, goodPassword, newPerson } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

const server = serverForFile(test);

test('a request without TLS gets no answer', async (t) => {
  await t.throwsAsync(fetch(server().url.replace('https:', 'http:')));
});

test('a body with another content type, or none, is refused', async (t) => {
  const { ask } = server();
  const body = JSON.stringify({ username: 'alice', password: goodPassword });
  for (const contentType of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'application/jsonl',
    'text/json',
    '',
  ]) {
    const reply = await ask('/v1/sessions', { body, headers: { 'content-type': contentType } });
    isRefused(t, reply, 'UNSUPPORTED_MEDIA_TYPE', { detail: /application\/json/ });
  }
});

test('a body may say that its JSON is in UTF-8', async (t) => {
  const body = JSON.stringify({ username: freshName(), password: goodPassword });
  for (const contentType of [
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON;charset="UTF-8"',
  ]) {
    const reply = await server().ask('/v1/sessions', { body, headers: { 'content-type': contentType } });
    isRefused(t, reply, 'INVALID_CREDENTIALS');
  }
});

test('a refusal names the operation that helps, and no address in its sentence', async (t) => {
  const { ask } = server();
  const { token } = await newAdmin(server());
  const send = { currentPassword: goodPassword, newPassword: goodPassword };
  const asked: readonly (readonly [string, string, object, string])[] = [
    ['GET', '/v1/me', { token: 'pay_ses_none' }, 'logIn'],
    ['GET', '/v1/payments/pay_none', { token }, 'listPayments'],
    ['GET', '/v1/requests/req_none', { token }, 'listRequests'],
    ['GET', '/v1/webhooks/whk_none', { token }, 'listWebhooks'],
    ['DELETE', '/v1/tokens/tok_none', { token }, 'listTokens'],
    ['POST', '/v1/notifications/read', { token, send: { upTo: 'evt_none' } }, 'listNotifications'],
    ['GET', '/v1/admin/users/nobody-at-all', { token }, 'listUsers'],
    ['GET', '/v1/admin/payments/pay_none', { token }, 'listAllPayments'],
    ['GET', '/conversion/GBP/XXX/1', {}, 'listCurrencies'],
    ['GET', '/v1/payments?currency=XXX', { token }, 'listCurrencies'],
  ];
  for (const [method, path, options, see] of asked) {
    const { json, text } = await ask(path, { method, ...options });
    t.is(json.see, see, text);
    t.notRegex(text, /(GET|POST) \//);
  }
  const wrong = await ask('/v1/me/password', { token, send: { ...send, currentPassword: 'wrong' } });
  t.false('see' in wrong.json, wrong.text);
});

test('answers are JSON in UTF-8', async (t) => {
  const { ask } = server();
  const person = await newPerson(server());
  const reply = await ask('/v1/me', {
    method: 'PATCH',
    token: person.token,
    send: { displayName: 'Zoë Ødegård 🐙 日本' },
  });
  t.is(reply.json.displayName, 'Zoë Ødegård 🐙 日本');
  t.regex(String(reply.headers['content-type']), /^application\/json/);
});

test('an unknown field is refused by its name, on every route that takes a body', async (t) => {
  const { ask } = server();
  const { token } = await newAdmin(server());
  const name = freshName();
  for (const [method, path, send] of [
    [
      'POST',
      '/v1/users',
      { username: name, email: `${name}@example.org`, password: goodPassword, currency: 'GBP' },
    ],
    ['POST', '/v1/sessions', { username: name, password: goodPassword }],
    ['PATCH', '/v1/me', { displayName: 'Alice' }],
    ['POST', '/v1/me/password', { currentPassword: goodPassword, newPassword: 'walnut-harbour-91-kite' }],
    ['POST', '/v1/tokens', { name: 'script', scopes: ['read'] }],
    ['POST', '/v1/payments', { to: name, amount: '1.00' }],
    ['POST', '/v1/payments/pay_1/refunds', { amount: '1.00' }],
    ['POST', '/v1/requests', { from: name, amount: '1.00' }],
    ['POST', '/v1/requests/req_1/accept', { memo: 'lunch' }],
    ['POST', '/v1/requests/req_1/decline', { reason: 'no' }],
    ['POST', '/v1/notifications/read', { upTo: 'evt_1' }],
    ['PATCH', '/v1/admin/users/alice', { status: 'frozen', reason: 'lost' }],
    ['POST', '/v1/admin/users/alice/password', { reason: 'lost' }],
    ['POST', '/v1/admin/admins', { username: name, email: `${name}@example.org`, password: goodPassword }],
    [
      'POST',
      '/v1/admin/adjustments',
      { username: name, amount: '1.00', direction: 'credit', reason: 'owed' },
    ],
  ] as const) {
    const reply = await ask(path, { method, token, key: freshName(), send: { ...send, colour: 'red' } });
    isRefused(t, reply, 'VALIDATION_FAILED', { fields: ['colour'], detail: /^colour: / });
  }
});

test('an unknown query parameter is refused by its name, on every route', async (t) => {
  const { ask, contract } = server();
  const { token } = await newAdmin(server());
  const samples: Record<string, string> = {
    id: 'pay_1',
    from: 'GBP',
    to: 'USD',
    amount: '1',
    file: 'start.js',
    username: 'alice',
    deliveryId: 'dlv_1',
    currency: 'GBP',
  };
  for (const [template, operations] of Object.entries(contract.document.paths)) {
    const path = template.replaceAll(/\{(\w+)\}/g, (_, name) => samples[name] ?? '');
    for (const verb of Object.keys(operations)) {
      const method = verb.toUpperCase();
      const hasBody = ['POST', 'PATCH', 'PUT'].includes(method);
      const others = path === '/v1/display-names' ? '&of=alice' : '';
      const reply = await ask(`${path}?colour=red${others}`, {
        method,
        token,
        key: 'k',
        ...(hasBody && { send: {} }),
      });
      isRefused(t, reply, 'VALIDATION_FAILED', { fields: ['colour'] });
    }
  }
  t.is((await ask('/v1/me', { token })).status, 200);
});

test('a parameter that comes twice is refused', async (t) => {
  const { token } = await newPerson(server());
  const reply = await server().ask('/v1/payments?limit=5&limit=6', { token });
  isRefused(t, reply, 'VALIDATION_FAILED', { fields: ['limit'] });
});

test('a request id is taken over where it is sane, and made where it is not', async (t) => {
  const { ask } = server();
  for (const id of ['a', 'req-1.2_3', 'x'.repeat(128)]) {
    const reply = await ask('/v1/currencies', { headers: { 'x-request-id': id } });
    t.is(reply.headers['x-request-id'], id);
  }
  for (const id of ['x'.repeat(129), 'a b', 'a"b', '<script>', 'é']) {
    const reply = await ask('/nowhere', { headers: { 'x-request-id': id } });
    t.not(reply.headers['x-request-id'], id);
    t.is(reply.json.requestId, reply.headers['x-request-id']);
  }
});

test('two requests without an id get different ones', async (t) => {
  const { ask } = server();
  const [one, other] = await Promise.all([ask('/healthz'), ask('/healthz')]);
  t.not(one.headers['x-request-id'], other.headers['x-request-id']);
});

test('a token in the URL is no credential', async (t) => {
  const { ask } = server();
  const { token } = await newPerson(server());
  for (const name of ['access_token', 'token', 'authorization']) {
    isRefused(t, await ask(`/v1/me?${name}=${token}`), 'UNAUTHENTICATED');
    isRefused(t, await ask(`/v1/me?${name}=${token}`, { token }), 'VALIDATION_FAILED');
  }
});

test('a wrong method is refused with those that the path has', async (t) => {
  const { ask } = server();
  for (const [path, allowed] of [
    ['/v1/users', 'POST'],
    ['/v1/sessions', 'GET, HEAD, POST'],
    ['/v1/sessions/current', 'DELETE'],
    ['/v1/me', 'GET, HEAD, PATCH'],
    ['/v1/me/password', 'POST'],
    ['/v1/tokens', 'GET, HEAD, POST'],
    ['/v1/tokens/tok_1', 'DELETE'],
    ['/v1/payments', 'GET, HEAD, POST'],
    ['/v1/payments/pay_1', 'GET, HEAD'],
    ['/v1/payments/pay_1/refunds', 'POST'],
    ['/v1/requests', 'GET, HEAD, POST'],
    ['/v1/requests/req_1', 'GET, HEAD'],
    ['/v1/requests/req_1/accept', 'POST'],
    ['/v1/requests/req_1/decline', 'POST'],
    ['/v1/requests/req_1/cancel', 'POST'],
    ['/v1/requests/req_1/remind', 'POST'],
    ['/v1/blocks', 'GET, HEAD'],
    ['/v1/notifications', 'GET, HEAD'],
    ['/v1/notifications/read', 'POST'],
    ['/v1/events', 'GET, HEAD'],
    ['/v1/currencies', 'GET, HEAD'],
    ['/v1/time', 'GET, HEAD'],
    ['/v1/server', 'GET, HEAD'],
    ['/healthz', 'GET, HEAD'],
    ['/readyz', 'GET, HEAD'],
    ['/openapi.json', 'GET, HEAD'],
    ['/docs', 'GET, HEAD'],
  ] as const) {
    for (const method of ['PUT', 'OPTIONS', 'PROPFIND']) {
      const reply = await ask(path, { method });
      isRefused(t, reply, 'METHOD_NOT_ALLOWED', { detail: /GET|POST|DELETE/ });
      t.is(reply.headers.allow, allowed);
    }
  }
});

test('a wrong path is not found, with or without a credential', async (t) => {
  const { ask } = server();
  const { token } = await newPerson(server());
  for (const path of [
    '/',
    '/v1',
    '/v1/',
    '/v2/me',
    '/v1/me/',
    '/V1/me',
    '/v1/payment',
    '/v1/users/alice',
    '/conversion/GBP/USD',
    '/conversion/GBP/USD/1/2',
    '/v1/payments/%zz',
    '/v1/payments/%00',
    '/../etc/passwd',
    '/docs/../../package.json',
    '/docs/%2e%2e%2fpackage.json',
  ]) {
    isRefused(t, await ask(path), 'NOT_FOUND');
    isRefused(t, await ask(path, { token }), 'NOT_FOUND');
  }
});

test('what needs a user says so to nobody in particular', async (t) => {
  const { ask } = server();
  for (const [method, path] of [
    ['GET', '/v1/me'],
    ['PATCH', '/v1/me'],
    ['POST', '/v1/me/password'],
    ['DELETE', '/v1/sessions/current'],
    ['GET', '/v1/tokens'],
    ['POST', '/v1/tokens'],
    ['DELETE', '/v1/tokens/tok_1'],
    ['GET', '/v1/payments'],
    ['POST', '/v1/payments'],
    ['GET', '/v1/payments/pay_1'],
    ['POST', '/v1/payments/pay_1/refunds'],
    ['GET', '/v1/requests'],
    ['POST', '/v1/requests'],
    ['GET', '/v1/requests/req_1'],
    ['POST', '/v1/requests/req_1/accept'],
    ['POST', '/v1/requests/req_1/decline'],
    ['POST', '/v1/requests/req_1/cancel'],
    ['POST', '/v1/requests/req_1/remind'],
    ['GET', '/v1/blocks'],
    ['PUT', '/v1/blocks/alice'],
    ['DELETE', '/v1/blocks/alice'],
    ['GET', '/v1/notifications'],
    ['POST', '/v1/notifications/read'],
    ['GET', '/v1/events'],
    ['GET', '/v1/time'],
  ] as const) {
    const reply = await ask(path, { method });
    isRefused(t, reply, 'UNAUTHENTICATED', { see: 'logIn' });
    t.is(reply.headers['www-authenticate'], 'Bearer realm="pay"');
  }
});

test('a body beyond 64 KiB is refused, whether it announces its length or not', async (t) => {
  const { ask } = server();
  const { token } = await newPerson(server());
  const body = JSON.stringify({ to: 'bob', amount: '1.00', memo: 'x'.repeat(64 * 1024) });
  isRefused(t, await ask('/v1/payments', { token, key: 'k', body }), 'BODY_TOO_LARGE', {
    detail: /64 KiB|65/,
  });
});

test('what the client accepts is heeded, and no JSON client is turned away', async (t) => {
  const { ask } = server();
  for (const accept of ['application/json', '*/*', 'application/*;q=0.5', 'text/html, */*;q=0.1']) {
    t.is((await ask('/v1/currencies', { headers: { accept } })).status, 200);
  }
  isRefused(t, await ask('/v1/currencies', { headers: { accept: 'image/png' } }), 'NOT_ACCEPTABLE');
});

/** The log of the server, once the line of a request that is done is there. */
async function logUpTo(requestId: string): Promise<string> {
  await until(`a line of ${requestId}`, () => server().stderr().includes(requestId));
  return server().stderr();
}

test('the log holds each request with its code, and no password, token, key, body or query', async (t) => {
  const { ask } = server();
  const person = await newPerson(server());
  await ask('/v1/payments?q=whispered', { token: person.token });
  await ask('/v1/me?access_token=pay_ses_guessed');
  await ask('/v1/payments', {
    token: person.token,
    key: 'secret-key',
    send: { to: 'nobody', amount: '1.00', memo: 'murmured' },
    headers: { 'x-request-id': 'to-nobody' },
  });
  const text = await logUpTo('to-nobody');
  const lines = text.split('\n').filter((line) => line.startsWith('{'));
  const line = lines.map((json) => JSON.parse(json)).find(({ requestId }) => requestId === 'to-nobody');
  t.like(line, {
    method: 'POST',
    route: '/v1/payments',
    status: 422,
    code: 'USER_NOT_FOUND',
    userId: person.id,
  });
  for (const secret of [
    person.token,
    goodPassword,
    person.email,
    'whispered',
    'murmured',
    'pay_ses_',
    'secret-key',
  ]) {
    t.false(text.includes(secret), secret);
  }
});
