import { randomUUID } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import { sharedServer } from '../support/api-server.js';
import { booksOf } from '../support/database.js';
import { newPerson, type Person } from '../support/people.js';

const server = sharedServer(test);

let alice: Person;
let bob: Person;

test.serial.before('alice and bob have money', async () => {
  [alice, bob] = await Promise.all([newPerson(server(), 'GBP'), newPerson(server(), 'USD')]);
});

async function isHarmless(
  t: { assert: (value: unknown, message?: string) => void; deepEqual: (a: unknown, b: unknown) => void },
  bodies: fc.Arbitrary<string | Buffer>,
  path = '/v1/payments',
): Promise<void> {
  const before = await booksOf(server(), [alice, bob]);
  await fc.assert(
    fc.asyncProperty(bodies, async (body) => {
      const { status, text } = await server().ask(path, {
        method: 'POST',
        token: alice.token,
        key: randomUUID(),
        body,
      });
      t.assert(status >= 400 && status < 500, `${status} ${text} for ${body}`);
    }),
    { numRuns: 150 },
  );
  const after = await booksOf(server(), [alice, bob]);
  const money = (books: readonly unknown[]) => books.map((row) => ({ ...(row as object), keys: 0 }));
  t.deepEqual(money(after), money(before));
}

test.serial('bytes of any kind move no money', async (t) => {
  await isHarmless(
    t,
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  );
});

test.serial('text of any kind moves no money', async (t) => {
  await isHarmless(t, fc.string({ unit: 'binary', maxLength: 300 }));
});

test.serial('JSON of any kind moves no money', async (t) => {
  await isHarmless(t, fc.json({ maxDepth: 5 }));
});

test.serial('a payment with one field spoiled moves no money', async (t) => {
  const good = () => ({ to: bob.username, amount: '1.00', currency: 'GBP', memo: 'm', maxDebit: '5.00' });
  // Among values of any kind there are such as "1", which are an amount.
  const noAmount = fc.jsonValue().filter((value) => typeof value !== 'string' || !/^[0-9.]+$/.test(value));
  const spoilt = fc.oneof(
    fc.record({ to: fc.jsonValue() }),
    fc.record({ to: fc.string({ unit: 'binary' }) }),
    fc.record({ amount: fc.oneof(noAmount, fc.double()) }),
    fc.record({ amount: fc.string({ unit: fc.constantFrom(...'-+eE.,_x ٣５') }) }),
    fc.record({ maxDebit: fc.string({ unit: fc.constantFrom(...'-+eE.,_x ٣５') }) }),
    fc.record({ currency: fc.string().filter((code) => !/^[A-Z]{3}$/.test(code)) }),
    fc.record({ dryRun: fc.jsonValue().filter((value) => typeof value !== 'boolean') }),
    fc.dictionary(
      fc.string({ unit: 'binary' }).map((name) => `x${name}`),
      fc.jsonValue(),
      { minKeys: 1 },
    ),
  );
  await isHarmless(
    t,
    spoilt.map((change) => JSON.stringify({ ...good(), ...change })),
  );
});

test.serial('a payment with one byte spoiled moves no money that was not asked for', async (t) => {
  const whole = () => Buffer.from(JSON.stringify({ to: alice.username, amount: '1.00', memo: 'lunch' }));
  // It is to oneself, so that whatever is still a payment is refused as well.
  const spoilt = fc.tuple(fc.nat({ max: 1_000 }), fc.nat({ max: 255 })).map(([place, byte]) => {
    const bytes = whole();
    bytes[place % bytes.length] = byte;
    return bytes;
  });
  await isHarmless(t, spoilt);
});

test.serial('garbage registers nobody and logs nobody in', async (t) => {
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 120 }), fc.jsonValue());
  const login = fc.record({ username: text, password: text }, { requiredKeys: [] });
  const registration = fc.record(
    { username: text, email: text, password: text, currency: text },
    { requiredKeys: [] },
  );
  await isHarmless(
    t,
    registration.map((body) => JSON.stringify(body)),
    '/v1/users',
  );
  const shapeless = login.filter(({ username }) => typeof username !== 'string' || username.length > 100);
  await isHarmless(
    t,
    shapeless.map((body) => JSON.stringify(body)),
    '/v1/sessions',
  );
});

test.serial('a query of any kind is answered without a failure', async (t) => {
  const names = [
    'direction',
    'with',
    'kind',
    'currency',
    'minAmount',
    'since',
    'until',
    'q',
    'limit',
    'cursor',
  ];
  const query = fc.dictionary(
    fc.oneof(fc.constantFrom(...names), fc.string()),
    fc.string({ unit: 'binary' }),
    {
      maxKeys: 3,
    },
  );
  await fc.assert(
    fc.asyncProperty(query, async (parameters) => {
      const text = new URLSearchParams(parameters).toString();
      const { status } = await server().ask(`/v1/payments?${text}`, { token: alice.token });
      t.assert(status < 500, text);
    }),
    { numRuns: 150 },
  );
});

test.serial('an id of any kind is answered without a failure', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1 }), async (id) => {
      fc.pre(id !== '.' && id !== '..');
      const path = `/v1/payments/${encodeURIComponent(id)}`;
      const { status } = await server().ask(path, { token: alice.token });
      t.is(status, 404, path);
    }),
    { numRuns: 100 },
  );
});
