import type { IncomingMessage } from 'node:http';
import test from 'ava';
import fc from 'fast-check';
import { isProblem } from '../support/problem.js';
import { type Asked, startServer } from '../support/server.js';

const json = { 'content-type': 'application/json' };
const payer = { token: 'alice-payer', method: 'POST' } as const;
const ball = { name: 'ball', amount: '5', dryRun: true };
const limitBytes = 64 * 1024;

test('a body of another type than JSON in UTF-8 is refused', async (t) => {
  const { ask } = await startServer(t);
  const types = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonp',
    'application/problem+json',
    '',
  ];
  for (const type of [...types, 'application/json; charset=utf-16', 'application/json;charset="latin1"']) {
    const headers = { 'content-type': type };
    isProblem(
      t,
      await ask('/things', { ...payer, body: JSON.stringify(ball), headers }),
      'UNSUPPORTED_MEDIA_TYPE',
    );
  }
  isProblem(t, await ask('/things', { ...payer, body: JSON.stringify(ball) }), 'UNSUPPORTED_MEDIA_TYPE');
});

test('JSON may say that it is in UTF-8, in any spelling', async (t) => {
  const { ask } = await startServer(t);
  const types = [
    'application/json; charset=utf-8',
    'Application/JSON;charset="UTF-8"',
    'application/json ; v=1',
  ];
  for (const type of types) {
    const headers = { 'content-type': type };
    t.is((await ask('/things', { ...payer, body: JSON.stringify(ball), headers })).status, 201);
  }
});

test('a compressed body is refused', async (t) => {
  const { ask } = await startServer(t);
  const headers = { ...json, 'content-encoding': 'gzip' };
  isProblem(t, await ask('/things', { ...payer, body: 'x', headers }), 'UNSUPPORTED_MEDIA_TYPE');
});

test('a body of exactly the limit is read and one byte more is refused, announced or not', async (t) => {
  const { ask } = await startServer(t);
  const full = JSON.stringify(ball).padEnd(limitBytes, ' ');
  const streamed = (text: string) =>
    (async function* () {
      yield Buffer.from(text);
    })();
  t.is((await ask('/things', { ...payer, headers: json, body: full })).status, 201);
  t.is((await ask('/things', { ...payer, headers: json, body: streamed(full) })).status, 201);
  isProblem(t, await ask('/things', { ...payer, headers: json, body: `${full} ` }), 'BODY_TOO_LARGE');
  isProblem(
    t,
    await ask('/things', { ...payer, headers: json, body: streamed(`${full} `) }),
    'BODY_TOO_LARGE',
  );
});

test('after a body of more than is taken off the wire the client reads why, and its next request is answered', async (t) => {
  const { ask } = await startServer(t);
  const endless = Buffer.alloc(30 * 1024 * 1024);
  for (let round = 0; round < 10; round += 1) {
    const refused = await ask('/things', { ...payer, headers: json, body: endless });
    isProblem(t, refused, 'BODY_TOO_LARGE');
    t.is(refused.headers.connection, 'close');
    t.is((await ask('/things', { ...payer, headers: json, body: JSON.stringify(ball) })).status, 201);
  }
});

test('broken JSON and broken UTF-8 are malformed', async (t) => {
  const { ask } = await startServer(t);
  const cases = ['{', '{"a":1,}', "{'a':1}", '[1', 'nul', '{} {}', '\u0000', '{"a":01}', '"\u0001"'];
  const bytes = [...cases.map((text) => Buffer.from(text)), Buffer.from('{"name":"\xff"}', 'latin1')];
  for (const body of [...bytes, Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])]) {
    isProblem(t, await ask('/things', { ...payer, headers: json, body }), 'MALFORMED_JSON');
  }
});

test('a member that comes twice is malformed at any depth and in any spelling, and is named', async (t) => {
  const { ask } = await startServer(t);
  const cases = [
    '{"a":1,"a":1}',
    '{"a":1,"\\u0061":2}',
    '{"items":[{"a":[{"b":0}]},{"x":{"a":1,"b":2,"a":3}}]}',
  ];
  for (const body of cases) {
    const refusal = await ask('/things', { ...payer, headers: json, body });
    isProblem(t, refusal, 'MALFORMED_JSON');
    t.is(refusal.json.detail, 'The member name "a" appears twice in one object.');
  }
});

test('U+0000 in a string of good JSON is invalid, by its field', async (t) => {
  const { ask } = await startServer(t);
  for (const [body, field] of [
    ['{"name":"a\\u0000","amount":"5"}', 'name'],
    ['{"name":"ball","amount":"5\\u0000"}', 'amount'],
    ['{"name":[{"b":"\\u0000"}]}', 'name.0.b'],
    ['"\\u0000"', 'body'],
  ] as const) {
    const refusal = await ask('/things', { ...payer, headers: json, body });
    isProblem(t, refusal, 'VALIDATION_FAILED');
    t.deepEqual(refusal.json.errors, [{ field, message: 'may not hold the character U+0000' }]);
  }
});

test('a name that the client made up stands in quotes in the sentence about its U+0000, cut where it is long', async (t) => {
  const { ask } = await startServer(t);
  for (const [name, shown] of [
    ['\r\u0001', '"\\r\\u0001"'],
    ['x'.repeat(200), 'x'.repeat(100)],
  ] as const) {
    const body = `{${JSON.stringify(name)}:"\\u0000"}`;
    const refusal = await ask('/things', { ...payer, headers: json, body });
    isProblem(t, refusal, 'VALIDATION_FAILED');
    t.is(refusal.json.detail, `${shown}: may not hold the character U+0000.`);
    t.deepEqual(
      refusal.json.errors.map(({ field }: { field: string }) => field),
      [name],
    );
  }
});

test('half a surrogate pair and bottomless nesting are malformed', async (t) => {
  const { ask } = await startServer(t);
  const cases = ['{"name":"\\ud83d"}', '{"\\udc00":1}', '['.repeat(40) + ']'.repeat(40)];
  for (const body of [...cases, '['.repeat(30_000) + ']'.repeat(30_000)]) {
    isProblem(t, await ask('/things', { ...payer, headers: json, body }), 'MALFORMED_JSON');
  }
});

test('escaped characters and a byte order mark are fine', async (t) => {
  const { ask } = await startServer(t);
  const body = '\ufeff{"name":"\\ud83d\\ude00 a:\\"b\\\\","amount":"5","dryRun":true}';
  const reply = await ask('/things', { ...payer, headers: json, body });
  t.is(reply.json?.body.name, '😀 a:"b\\');
});

test('members with special names are unknown fields like any other', async (t) => {
  const { ask } = await startServer(t);
  for (const name of ['__proto__', 'constructor', 'prototype', 'toString', '\\u005f_proto__']) {
    const body = `{"${name}":{"isAdmin":true},"name":"ball","amount":"5"}`;
    const refusal = await ask('/things', { ...payer, headers: json, body });
    isProblem(t, refusal, 'VALIDATION_FAILED');
    t.deepEqual(refusal.json.errors, [
      { field: JSON.parse(`"${name}"`), message: 'is not a field of this request' },
    ]);
  }
  t.is(Reflect.get({}, 'isAdmin'), undefined);
});

test('a route that needs a body says so when there is none', async (t) => {
  const { ask } = await startServer(t);
  const cases: Asked[] = [{}, { headers: json }, { headers: json, body: '' }];
  for (const asked of cases) {
    const refusal = await ask('/things', { ...payer, ...asked });
    isProblem(t, refusal, 'MALFORMED_JSON');
    t.regex(refusal.json.detail, /empty/);
  }
});

test('where every field may be left out the body may be, too', async (t) => {
  const { ask } = await startServer(t);
  t.deepEqual((await ask('/things/1/part', { method: 'POST' })).json, {});
  t.deepEqual((await ask('/things/1/part', { send: { part: 'leg' } })).json, { part: 'leg' });
});

test('a request that announces no body has none read', async (t) => {
  const { ask, gate, server } = await startServer(t);
  const requests: IncomingMessage[] = [];
  server.prependListener('request', (request) => requests.push(request));
  const reply = ask('/slow', { method: 'POST' });
  await gate.arrival();
  // Null as long as nobody has asked for a byte of it.
  t.deepEqual(
    requests.map(({ readableFlowing }) => readableFlowing),
    [null],
  );
  gate.open();
  t.is((await reply).status, 200);
});

test('a route that takes no body takes an empty one or an empty object and no fields', async (t) => {
  const { ask } = await startServer(t);
  const asked = { method: 'POST', token: 'alice-session' };
  t.is((await ask('/password', asked)).status, 204);
  t.is((await ask('/password', { ...asked, headers: json })).status, 204);
  t.is((await ask('/password', { ...asked, send: {} })).status, 204);
  isProblem(t, await ask('/password', { ...asked, send: { a: 1 } }), 'VALIDATION_FAILED');
  isProblem(t, await ask('/password', { ...asked, body: 'a=1' }), 'UNSUPPORTED_MEDIA_TYPE');
  isProblem(t, await ask('/password', { ...asked, headers: json, body: '{' }), 'MALFORMED_JSON');
});

test('no bytes in a body make the server fail', async (t) => {
  const { ask } = await startServer(t);
  const jsonish = fc.json().map((text) => Buffer.from(text));
  const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
  const things = fc.record(
    { name: fc.anything(), amount: fc.anything(), items: fc.anything() },
    { requiredKeys: [] },
  );
  const shaped = things.map((thing) =>
    Buffer.from(JSON.stringify(thing, (_, value) => (typeof value === 'bigint' ? 0 : value))),
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(jsonish, bytes, shaped), async (body) => {
      const reply = await ask('/things', { ...payer, headers: { ...json, 'idempotency-key': 'k' }, body });
      t.true(reply.status < 500, reply.text);
    }),
    { numRuns: 500 },
  );
});
