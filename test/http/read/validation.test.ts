import test from 'ava';
import { isProblem } from '../support/problem.js';
import { startServer } from '../support/server.js';

const asked = { token: 'alice-payer', headers: { 'idempotency-key': 'k' } };
const ball = { name: 'ball', amount: '5' };

const fields: readonly [
  title: string,
  body: unknown,
  errors: readonly { field: string; message: string }[],
][] = [
  ['a missing field', { amount: '5' }, [{ field: 'name', message: 'is required' }]],
  ['null', { ...ball, name: null }, [{ field: 'name', message: 'must be a string' }]],
  ['a number for a string', { ...ball, amount: 5 }, [{ field: 'amount', message: 'must be a string' }]],
  ['too short', { ...ball, name: '' }, [{ field: 'name', message: 'must have at least 1 character' }]],
  [
    'too long',
    { ...ball, name: 'x'.repeat(21) },
    [{ field: 'name', message: 'must have at most 20 characters' }],
  ],
  ['a wrong form', { ...ball, email: 'x' }, [{ field: 'email', message: 'must be an email address' }]],
  [
    'an unknown field',
    { ...ball, colour: 1 },
    [{ field: 'colour', message: 'is not a field of this request' }],
  ],
  [
    'fields deep in a list',
    { ...ball, items: [{ colour: 'red' }, { colour: 'green' }, { shade: 1 }] },
    [
      { field: 'items.1.colour', message: 'must be one of "red", "blue"' },
      { field: 'items.2.colour', message: 'is required' },
      { field: 'items.2.shade', message: 'is not a field of this request' },
    ],
  ],
  ['a list for the body', [ball], [{ field: 'body', message: 'must be an object' }]],
  ['null for the body', null, [{ field: 'body', message: 'must be an object' }]],
];

for (const [title, send, errors] of fields) {
  test(`validation names the field and what is wrong with it: ${title}`, async (t) => {
    const { ask } = await startServer(t);
    const refusal = await ask('/things', { ...asked, send });
    isProblem(t, refusal, 'VALIDATION_FAILED');
    t.deepEqual(refusal.json.errors, errors);
    t.true(refusal.json.detail.startsWith(`${errors[0]?.field}: ${errors[0]?.message}`), refusal.json.detail);
  });
}

test('an issue with a code of its own gives the refusal that code', async (t) => {
  const { ask } = await startServer(t);
  const refusal = await ask('/things', { ...asked, send: { ...ball, amount: '-5' } });
  isProblem(t, refusal, 'INVALID_AMOUNT');
  t.deepEqual(refusal.json.errors, [{ field: 'amount', message: 'is not an amount' }]);
});

test('issues of several kinds are a failed validation that lists them all', async (t) => {
  const { ask } = await startServer(t);
  const refusal = await ask('/things', { ...asked, send: { ...ball, amount: '-5', colour: 1 } });
  isProblem(t, refusal, 'VALIDATION_FAILED');
  t.deepEqual(
    refusal.json.errors.map((error: { field: string }) => error.field),
    ['amount', 'colour'],
  );
});

test('a thousand wrong fields do not make a long answer', async (t) => {
  const { ask } = await startServer(t);
  const many = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`field${index}`, 1]));
  const refusal = await ask('/things', { ...asked, send: { ...ball, ...many } });
  isProblem(t, refusal, 'VALIDATION_FAILED');
  t.is(refusal.json.errors.length, 50);
  t.true(refusal.json.detail.length < 500);
});

test('query parameters reach the use case as their schema gives them on', async (t) => {
  const { ask } = await startServer(t);
  const reply = await ask('/things?limit=7&q=a+b%26c%3D%C3%A9', { token: 'alice-reader' });
  t.deepEqual(reply.json.query, { limit: 7, q: 'a b&c=é' });
  t.deepEqual((await ask('/things?', { token: 'alice-reader' })).json.query, { limit: 20 });
});

const queries: readonly [query: string, field: string, message: RegExp][] = [
  ['limit=0', 'limit', /at least 1/],
  ['limit=101', 'limit', /at most 100/],
  ['limit=x', 'limit', /must be/],
  ['colour=red', 'colour', /not a parameter/],
  ['__proto__=1', '__proto__', /not a parameter/],
  ['limit=1&limit=2', 'limit', /only once/],
  ['q=a&%71=b', 'q', /only once/],
  ['q=%', 'q', /percent-encoded/],
  ['q=%ff', 'q', /percent-encoded/],
  ['q=%00', 'q', /U\+0000/],
  ['%zz=1', 'query', /percent-encoded/],
];

for (const [query, field, message] of queries) {
  test(`a query string is refused and the parameter named: ${query}`, async (t) => {
    const { ask } = await startServer(t);
    const refusal = await ask(`/things?${query}`, { token: 'alice-reader' });
    isProblem(t, refusal, 'VALIDATION_FAILED');
    t.is(refusal.json.errors.length, 1);
    t.is(refusal.json.errors[0].field, field);
    t.regex(refusal.json.errors[0].message, message);
  });
}

test('a route without parameters refuses them', async (t) => {
  const { ask } = await startServer(t);
  const refusal = await ask('/things/1?verbose', {});
  isProblem(t, refusal, 'VALIDATION_FAILED');
  t.deepEqual(refusal.json.errors, [{ field: 'verbose', message: 'is not a parameter of this request' }]);
});
