import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { currencies } from '../../../server/money/currency.js';
import { sharedServer } from '../support/api-server.js';
import { newPerson } from '../support/people.js';

const server = sharedServer(test);

test('the time is the timestamp service’s, in both forms, with its address', async (t) => {
  const { token } = await newPerson(server());
  const before = Date.now();
  const { json } = await server().ask('/v1/time', { token });
  t.regex(json.currentTime, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  t.regex(json.timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  t.is(json.currentTime, json.timestamp.slice(0, 19).replace('T', ' '));
  t.regex(json.source, /^thrift:\/\/127\.0\.0\.1:\d+$/);
  const millisecond = Date.parse(json.timestamp);
  t.true(millisecond >= before - 1 && millisecond <= Date.now() + 1);
});

test('the server says what a client needs to know', async (t) => {
  const { json } = await server().ask('/v1/server');
  const manifest = JSON.parse(await readFile(join(import.meta.dirname, '../../../../package.json'), 'utf8'));
  t.like(json, {
    name: manifest.name,
    version: manifest.version,
    baseCurrency: 'GBP',
    conversionSource: 'built-in table',
    openingCredit: { amount: '1000.00', currency: 'GBP' },
    currencies: currencies.map(({ code }) => code),
  });
  t.is(json.limits.bodyBytes, 65_536);
  t.is(json.limits.payoutItems, 1_000);
  t.is(json.limits.payoutBodyBytes, 1_048_576);
  t.is(json.limits.collectionPeople, 200);
  t.is(json.limits.openCollections, 50);
  t.is(json.limits.pageItems, 100);
  t.is(json.limits.summaryGroups, 400);
  t.is(json.limits.summaryPayments, 1_000_000);
  t.is(json.policies.rateLimits, false);
  t.deepEqual(json.secondFactor, {
    ...{ digits: 6, periodSeconds: 30, skewSteps: 1, recoveryCodes: 10, confirmableMinutes: 15 },
  });
  t.is(json.policies.adminSecondFactor, 'optional');
  t.deepEqual(json.policies.rounding, { received: 'down', debited: 'up' });
});

test('it is alive and ready', async (t) => {
  t.deepEqual((await server().ask('/healthz')).json, { status: 'ok' });
  t.deepEqual((await server().ask('/readyz')).json, { status: 'ok' });
});

test('HEAD is answered like GET, without a body', async (t) => {
  const head = await server().ask('/v1/currencies', { method: 'HEAD' });
  t.deepEqual([head.status, head.text], [200, '']);
});

const everyOperation = [
  'DELETE /v1/admin/invitations/{id}',
  'DELETE /v1/blocks/{username}',
  'DELETE /v1/me/second-factor',
  'DELETE /v1/sessions/current',
  'DELETE /v1/sessions/{id}',
  'DELETE /v1/tokens/{id}',
  'DELETE /v1/webhooks/{id}',
  'GET /conversion/{from}/{to}/{amount}',
  'GET /docs',
  'GET /docs/{file}',
  'GET /healthz',
  'GET /metrics',
  'GET /openapi.json',
  'GET /readyz',
  'GET /v1/admin/audit',
  'GET /v1/admin/balances',
  'GET /v1/admin/invitations',
  'GET /v1/admin/ledger',
  'GET /v1/admin/limits',
  'GET /v1/admin/payments',
  'GET /v1/admin/payments/{id}',
  'GET /v1/admin/stats',
  'GET /v1/admin/summary',
  'GET /v1/admin/users',
  'GET /v1/admin/users/{username}',
  'GET /v1/admin/users/{username}/balances',
  'GET /v1/admin/users/{username}/summary',
  'GET /v1/blocks',
  'GET /v1/collections',
  'GET /v1/collections/{id}',
  'GET /v1/currencies',
  'GET /v1/display-names',
  'GET /v1/events',
  'GET /v1/me',
  'GET /v1/me/balances',
  'GET /v1/me/limits',
  'GET /v1/me/second-factor',
  'GET /v1/me/summary',
  'GET /v1/notifications',
  'GET /v1/payments',
  'GET /v1/payments/{id}',
  'GET /v1/requests',
  'GET /v1/requests/{id}',
  'GET /v1/server',
  'GET /v1/sessions',
  'GET /v1/time',
  'GET /v1/tokens',
  'GET /v1/webhooks',
  'GET /v1/webhooks/{id}',
  'GET /v1/webhooks/{id}/deliveries',
  'PATCH /v1/admin/users/{username}',
  'PATCH /v1/me',
  'PATCH /v1/me/second-factor',
  'POST /v1/admin/adjustments',
  'POST /v1/admin/admins',
  'POST /v1/admin/invitations',
  'POST /v1/admin/users',
  'POST /v1/admin/users/{username}/password',
  'POST /v1/collections',
  'POST /v1/collections/{id}/close',
  'POST /v1/collections/{id}/remind',
  'POST /v1/me/password',
  'POST /v1/me/second-factor',
  'POST /v1/me/second-factor/confirm',
  'POST /v1/notifications/read',
  'POST /v1/payments',
  'POST /v1/payments/{id}/refunds',
  'POST /v1/payouts',
  'POST /v1/requests',
  'POST /v1/requests/{id}/accept',
  'POST /v1/requests/{id}/cancel',
  'POST /v1/requests/{id}/decline',
  'POST /v1/requests/{id}/remind',
  'POST /v1/sessions',
  'POST /v1/tokens',
  'POST /v1/users',
  'POST /v1/users/check',
  'POST /v1/webhooks',
  'POST /v1/webhooks/{id}/deliveries/{deliveryId}/resend',
  'PUT /v1/admin/limits/currencies/{currency}',
  'PUT /v1/admin/limits/users/{username}',
  'PUT /v1/blocks/{username}',
];

test('the contract is OpenAPI 3.1 and names every route', async (t) => {
  const { document } = server().contract;
  t.regex(document.openapi, /^3\.1\./);
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  t.deepEqual(operations.toSorted(), everyOperation);
});

test('every reference within the contract leads somewhere', async (t) => {
  const { document } = server().contract;
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
    ([, path]) => path ?? '',
  );
  t.true(references.length > 50);
  for (const reference of new Set(references)) {
    const target = reference
      .split('/')
      .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], document);
    t.truthy(target, reference);
  }
});

test('the reference page and what it loads come from this server only', async (t) => {
  const page = await server().ask('/docs');
  t.regex(String(page.headers['content-type']), /^text\/html/);
  const loaded = [...page.text.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, target]) => target ?? '');
  t.true(loaded.length >= 3);
  for (const target of loaded) {
    t.regex(target, /^\/docs\//);
    t.is((await server().ask(target)).status, 200);
  }
  t.false(/https?:|\/\//.test(page.text.replaceAll(/<!doctype[^>]*>/gi, '')));
  const policy = String(page.headers['content-security-policy']);
  t.regex(policy, /default-src 'none'/);
  t.regex(policy, /script-src 'self'(;|$)/);
  t.regex(policy, /connect-src 'self'(;|$)/);
  t.false(/https?:|\*/.test(policy));
});
