import test from 'ava';
import * as z from 'zod';
import { errorCodes } from '../../../server/errors.js';
import { defineRoute } from '../../../server/http/contract/route.js';
import { checkTable } from '../../../server/http/contract/table.js';
import { startServer } from '../support/server.js';

// biome-ignore lint/suspicious/noExplicitAny: a document is JSON, and these tests walk all over it.
type Json = any;

async function contract(
  t: Parameters<typeof startServer>[0],
): Promise<{ document: Json; operations: Json[] }> {
  const { ask } = await startServer(t);
  const reply = await ask('/openapi.json');
  const operations = Object.entries<Json>(reply.json.paths).flatMap(([path, methods]) =>
    Object.entries<Json>(methods).map(([method, operation]) => ({
      path,
      method: method.toUpperCase(),
      ...operation,
    })),
  );
  return { document: reply.json, operations };
}

function refsIn(value: Json): string[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([name, inner]) =>
    name === '$ref' && typeof inner === 'string' ? [inner] : refsIn(inner),
  );
}

function resolveRef(document: Json, ref: string): Json {
  return ref
    .slice(2)
    .split('/')
    .reduce((value, name) => value?.[name.replaceAll('~1', '/').replaceAll('~0', '~')], document);
}

test('every route is an operation of the contract, and every operation a route', async (t) => {
  const { app } = await startServer(t);
  const { operations, document } = await contract(t);
  t.is(document.openapi, '3.1.0');
  const inDocument = operations.map(({ method, path, operationId }) => `${method} ${path} ${operationId}`);
  const inTable = app.routes.map(({ method, path, operationId }) => `${method} ${path} ${operationId}`);
  t.deepEqual(inDocument.toSorted(), inTable.toSorted());
  t.true(inTable.includes('GET /openapi.json getContract'));
});

test('every reference in the contract resolves, and no component is idle', async (t) => {
  const { document } = await contract(t);
  const refs = new Set(refsIn(document));
  for (const ref of refs) {
    t.not(resolveRef(document, ref), undefined, ref);
  }
  for (const [kind, components] of Object.entries<Json>(document.components)) {
    for (const name of kind === 'securitySchemes' ? [] : Object.keys(components)) {
      t.true(refs.has(`#/components/${kind}/${name}`), `${kind}/${name}`);
    }
  }
});

test('operation ids are unique, and each operation says what it is and carries a tag that is explained', async (t) => {
  const { document, operations } = await contract(t);
  t.is(new Set(operations.map(({ operationId }) => operationId)).size, operations.length);
  const tags = new Set(document.tags.map(({ name }: Json) => name));
  for (const { summary, description, tags: own, operationId } of operations) {
    t.true(summary.length > 0 && description.length > 0, operationId);
    t.true(
      own.every((tag: string) => tags.has(tag)),
      operationId,
    );
  }
  t.deepEqual(Object.keys(document.info).toSorted(), [
    'contact',
    'description',
    'license',
    'title',
    'version',
  ]);
  t.deepEqual(
    document.servers.map(({ url }: Json) => url),
    ['/'],
  );
});

test('every refusal in the contract is a problem with a code of the closed list', async (t) => {
  const { document, operations } = await contract(t);
  t.deepEqual(document.components.schemas.Problem.properties.code.enum, Object.keys(errorCodes));
  for (const { responses, operationId } of operations) {
    const refusals = Object.keys(responses).filter((status) => Number(status) >= 400);
    t.true(
      ['422', '429', '500'].every((status) => refusals.includes(status)),
      operationId,
    );
    for (const status of refusals) {
      const response = responses[status];
      const { content, headers } = response.$ref ? resolveRef(document, response.$ref) : response;
      const { schema, examples } = content['application/problem+json'];
      t.is(schema.$ref, '#/components/schemas/Problem');
      t.true('X-Request-Id' in headers);
      t.is('Retry-After' in headers, status === '429' || status === '503');
      for (const [code, { value }] of Object.entries<Json>(examples)) {
        t.is(value.code, code);
        t.is(String(value.status), status);
      }
    }
  }
});

test('the contract says who may call, with which key, and what comes back', async (t) => {
  const { document, operations } = await contract(t);
  const operation = (id: string) => operations.find(({ operationId }) => operationId === id);
  const make = operation('makeThing');
  t.deepEqual(make.security, [{ bearer: ['pay'] }]);
  const key = make.parameters.find(({ name }: Json) => name === 'Idempotency-Key');
  t.deepEqual([key.in, key.required, key.schema.pattern], ['header', false, '^[\\x21-\\x7E]{1,255}$']);
  t.deepEqual(Object.keys(make.responses['201'].headers), [
    'X-Request-Id',
    'Cache-Control',
    'RateLimit',
    'RateLimit-Policy',
    'Location',
    'Idempotency-Replayed',
  ]);
  t.deepEqual(Object.keys(make.responses).toSorted(), [
    '201',
    '400',
    '401',
    '403',
    '406',
    '408',
    '409',
    '413',
    '415',
    '422',
    '429',
    '431',
    '500',
    '503',
  ]);
  t.is(make.requestBody.content['application/json'].schema.additionalProperties, false);
  t.true(make.requestBody.required);
  t.false(operation('partOfThing').requestBody.required);
  t.deepEqual(operation('getThing').security, []);
  t.deepEqual(operation('deleteThing').security, [{ bearer: ['session'] }]);
  t.deepEqual(Object.keys(operation('listThings').responses['200'].content), [
    'application/json',
    'text/csv',
  ]);
  t.true(
    operation('listThings').parameters.some(
      ({ name, in: where }: Json) => name === 'limit' && where === 'query',
    ),
  );
  t.is(document.components.securitySchemes.bearer.scheme, 'bearer');
});

test('the reference page loads nothing from elsewhere and runs no script of its own', async (t) => {
  const { ask } = await startServer(t);
  const page = await ask('/docs', { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });
  t.is(page.headers['content-type'], 'text/html; charset=utf-8');
  const policy = String(page.headers['content-security-policy']);
  t.regex(policy, /script-src 'self'(;|$)/);
  t.regex(policy, /default-src 'none'/);
  t.notRegex(policy, /unsafe|https?:/);
  const loaded = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => String(url));
  t.is(loaded.length, 5);
  t.notRegex(page.text, /<script>|<style|\son\w+=|https?:/);
  for (const url of loaded) {
    t.true(url.startsWith('/docs/'));
    const file = await ask(url);
    t.is(file.status, 200, url);
    t.regex(
      String(file.headers['content-type']),
      url.endsWith('.js') ? /^text\/javascript/ : /^(text\/css|image\/png)/,
    );
    t.true(file.text.length > 100);
  }
});

test('the reference page has no other files', async (t) => {
  const { ask } = await startServer(t);
  for (const path of [
    '/docs/package.json',
    '/docs/..%2fpackage.json',
    '/docs/%2e%2e%2fpackage.json',
    '/docs/',
  ]) {
    t.is((await ask(path)).json.code, 'NOT_FOUND');
  }
});

const base = {
  method: 'POST',
  path: '/a/{id}',
  operationId: 'a',
  tag: 'About',
  summary: 'a',
  access: { who: 'anyone' },
  params: z.object({ id: z.string() }),
  answers: { 204: { description: 'Done.' } },
  handle: async () => ({ status: 204 }) as const,
} as const;

test('a table whose routes contradict each other or let fields pass unseen is refused', (t) => {
  const check =
    (...routes: Parameters<typeof checkTable>[0]) =>
    () =>
      checkTable(routes);
  t.notThrows(check(defineRoute(base)));
  t.throws(check(defineRoute(base), defineRoute({ ...base, path: '/b/{id}' })), {
    message: /^a is in .* twice/,
  });
  t.throws(check(defineRoute(base), defineRoute({ ...base, operationId: 'b', path: '/a/{id}' })), {
    message: /twice/,
  });
  t.throws(check(defineRoute({ ...base, path: '/a' })), { message: /^a: the path has the parameters/ });
  t.notThrows(
    check(defineRoute({ ...base, body: z.strictObject({ list: z.array(z.strictObject({})).optional() }) })),
  );
  const loose = [
    z.object({}),
    z.looseObject({}),
    z.strictObject({ list: z.array(z.object({})).optional() }),
    z.object({}).refine(() => true),
    z.object({}).transform(() => 1),
    z.union([z.strictObject({}), z.object({})]),
  ];
  for (const body of loose) {
    t.throws(check(defineRoute({ ...base, body })), { message: /not strict/ });
  }
});
