import test from 'ava';
import { changeUser, newAdmin } from '../support/admins.js';
import { sharedServer } from '../support/api-server.js';
import { numberOf, runSql } from '../support/database.js';
import { freshName, goodPassword, historyOf, logIn, newPerson, register } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

const server = sharedServer(test);

test('who registers is a user with the opening credit in the currency of their choice', async (t) => {
  const { ask } = server();
  const openings: Record<string, string> = {
    GBP: '1000.00',
    USD: '1270.00',
    JPY: '190350',
    KWD: '390.600',
  };
  for (const [currency, amount] of Object.entries(openings)) {
    const username = freshName();
    const reply = await register(server(), { username, currency });
    t.is(reply.status, 201);
    t.is(reply.headers.location, '/v1/me');
    t.like(reply.json, {
      username,
      displayName: null,
      email: `${username}@example.org`,
      role: 'user',
      status: 'active',
      currency,
      balance: { amount, currency },
    });
    const token = await logIn(server(), username);
    t.deepEqual((await ask('/v1/me', { token })).json, reply.json);
  }
});

test('whoever registers is told of each field that is missing', async (t) => {
  const required = ['username', 'email', 'password', 'currency'];
  const reply = await server().ask('/v1/users', { send: {} });
  isRefused(t, reply, 'VALIDATION_FAILED');
  t.deepEqual(
    reply.json.errors,
    required.map((field) => ({ field, message: 'is required' })),
  );
});

test('the opening credit is the first payment, from the system, booked at the moment of registration', async (t) => {
  const person = await newPerson(server(), 'USD');
  const me = (await server().ask('/v1/me', { token: person.token })).json;
  const history = await historyOf(server(), person);
  t.is(history.length, 1);
  t.like(history[0], {
    kind: 'opening_credit',
    direction: 'received',
    from: null,
    to: person.username,
    sent: { amount: '1270.00', currency: 'USD' },
    received: { amount: '1270.00', currency: 'USD' },
    rate: '1',
    ratesAsOf: null,
    ratesSource: null,
    memo: null,
    requestId: null,
    refundOf: null,
    refunded: null,
    balanceAfter: { amount: '1270.00', currency: 'USD' },
    createdAt: me.createdAt,
  });
});

test('usernames of every permitted form are taken', async (t) => {
  const unique = freshName('U');
  for (const username of [
    `${unique}@x.org`,
    `+${unique}`,
    `_${unique}.`,
    `${unique}-`.padEnd(100, 'z'),
    `${Date.now()}`,
  ]) {
    const send = {
      username,
      email: `${freshName()}@example.org`,
      password: goodPassword,
      currency: 'GBP',
    };
    const reply = await server().ask('/v1/users', { send });
    t.is(reply.json.username, username, reply.text);
  }
});

test('a username keeps its letter case and is found in any', async (t) => {
  const username = freshName('MiXed');
  await register(server(), { username });
  t.is(
    (await server().ask('/v1/me', { token: await logIn(server(), username.toUpperCase()) })).json.username,
    username,
  );
});

test('a display name may come with the registration', async (t) => {
  const username = freshName();
  const send = {
    username,
    email: `${username}@example.org`,
    password: goodPassword,
    currency: 'EUR',
    displayName: 'Ann',
  };
  t.is((await server().ask('/v1/users', { send })).json.displayName, 'Ann');
});

test('what others call themselves is told of whoever has a display name, and of a hundred at once at most', async (t) => {
  const { ask } = server();
  const [alice, bob, nameless] = [
    await newPerson(server()),
    await newPerson(server()),
    await newPerson(server()),
  ];
  for (const [{ token }, displayName] of [
    [alice, 'Alice A.'],
    [bob, 'Bob, the Builder'],
  ] as const) {
    await ask('/v1/me', { method: 'PATCH', token, send: { displayName } });
  }
  const of = (names: readonly string[]) =>
    ask(`/v1/display-names?of=${encodeURIComponent(names.join(','))}`, { token: alice.token });
  const names = [
    bob.username.toUpperCase(),
    bob.username,
    alice.username,
    nameless.username,
    freshName(),
    '',
  ];
  t.deepEqual((await of(names)).json, {
    data: [
      { username: alice.username, displayName: 'Alice A.' },
      { username: bob.username, displayName: 'Bob, the Builder' },
    ],
  });
  t.is((await of(Array.from({ length: 100 }, freshName))).status, 200);
  isRefused(t, await of(Array.from({ length: 101 }, freshName)), 'VALIDATION_FAILED', { fields: ['of'] });
});

test('twins that register the same username at once make one user', async (t) => {
  const username = freshName();
  const replies = await Promise.all(
    Array.from({ length: 8 }, (_, place) =>
      server().ask('/v1/users', {
        send: {
          username: place % 2 === 0 ? username : username.toUpperCase(),
          email: `${freshName()}@example.org`,
          password: goodPassword,
          currency: 'GBP',
        },
      }),
    ),
  );
  t.deepEqual(replies.map(({ status }) => status).sort(), [201, 409, 409, 409, 409, 409, 409, 409]);
  for (const reply of replies.filter(({ status }) => status === 409)) {
    isRefused(t, reply, 'USERNAME_TAKEN', { fields: ['username'] });
  }
});

test('the email address and the display name can be changed, alone and together', async (t) => {
  const { ask } = server();
  const person = await newPerson(server());
  const change = (send: unknown) => ask('/v1/me', { method: 'PATCH', token: person.token, send });
  const email = `${freshName()}@example.org`;
  const currentPassword = goodPassword;
  t.is((await change({ email, currentPassword })).json.email, email);
  const both = await change({ email: person.email, displayName: 'Ann B.', currentPassword });
  t.like(both.json, { email: person.email, displayName: 'Ann B.', username: person.username });
  t.is((await change({ displayName: null })).json.displayName, null);
  t.is((await ask('/v1/me', { token: person.token })).json.displayName, null);
});

test('several users may have one email address, and nobody is told whose it is', async (t) => {
  const { ask } = server();
  const [ann, bob] = await Promise.all([newPerson(server()), newPerson(server())]);
  const change = (email: string) =>
    ask('/v1/me', { method: 'PATCH', token: ann.token, send: { email, currentPassword: goodPassword } });
  for (const email of [ann.email.toUpperCase(), bob.email, bob.email.toUpperCase()]) {
    t.is((await change(email)).json.email, email);
  }
  const child = { username: freshName(), email: bob.email, password: goodPassword, currency: 'GBP' };
  t.like((await ask('/v1/users', { send: child })).json, { username: child.username, email: bob.email });
});

test('an email address changes with the current password alone', async (t) => {
  const { ask } = server();
  const { token, email } = await newPerson(server());
  const change = (send: object) => ask('/v1/me', { method: 'PATCH', token, send });
  const fresh = `${freshName()}@example.org`;
  isRefused(t, await change({ email: fresh }), 'VALIDATION_FAILED', { fields: ['currentPassword'] });
  isRefused(t, await change({ email: fresh, currentPassword: 'not-this-1' }), 'WRONG_PASSWORD');
  isRefused(t, await change({ currentPassword: goodPassword }), 'VALIDATION_FAILED', { fields: ['body'] });
  t.is((await ask('/v1/me', { token })).json.email, email);
});

test('what a user may not change of themselves is refused', async (t) => {
  const { ask } = server();
  const { token } = await newPerson(server());
  const before = (await ask('/v1/me', { token })).json;
  for (const [send, field] of [
    [{ username: 'other' }, 'username'],
    [{ role: 'admin' }, 'role'],
    [{ status: 'frozen' }, 'status'],
    [{ currency: 'USD' }, 'currency'],
    [{ balance: { amount: '1.00', currency: 'GBP' } }, 'balance'],
    [{ email: null }, 'email'],
    [{ email: 'nowhere' }, 'email'],
    [{ displayName: 'x'.repeat(101) }, 'displayName'],
    [{ displayName: 7 }, 'displayName'],
    [{}, 'body'],
  ] as const) {
    isRefused(t, await ask('/v1/me', { method: 'PATCH', token, send }), 'VALIDATION_FAILED', {
      fields: [field],
    });
  }
  t.deepEqual((await ask('/v1/me', { token })).json, before);
});

test('ids carry a prefix and sort by time', async (t) => {
  const people = [];
  for (let count = 0; count < 3; count += 1) {
    people.push((await register(server())).json);
  }
  const ids = people.map(({ id }) => id);
  t.deepEqual(ids.toSorted(), ids);
  for (const { id, createdAt } of people) {
    t.regex(id, /^usr_[0-9A-HJKMNP-TV-Z]{10}$/);
    t.regex(createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  }
});

test('passwords and tokens are stored as hashes only', async (t) => {
  const person = await newPerson(server());
  const [row] = await runSql(
    server(),
    `select u.password_hash, s.token_hash
       from users u join sessions s on s.user_id = u.id where u.id = ?`,
    [numberOf(person.id)],
  );
  t.regex(String(row?.password_hash), /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  const hash = row?.token_hash as unknown as Buffer;
  t.is(hash.length, 32);
  t.false(hash.toString('hex').includes(person.token.slice(8)));
  t.false(hash.includes(person.token.slice(8)));
});

test('a frozen user logs in, reads and is paid, and does not pay', async (t) => {
  const { ask } = server();
  const [cold, warm] = await Promise.all([newPerson(server()), newPerson(server())]);
  const admin = await newAdmin(server());
  t.is((await changeUser(server(), admin, cold, { status: 'frozen' })).status, 200);
  const token = await logIn(server(), cold.username);
  t.is((await ask('/v1/me', { token })).json.status, 'frozen');
  const send = { to: warm.username, amount: '1.00' };
  const refusal = await ask('/v1/payments', { token, key: 'frozen', send });
  isRefused(t, refusal, 'ACCOUNT_FROZEN', { detail: /administrator/ });
  isRefused(t, await ask('/v1/payments', { token, send: { ...send, dryRun: true } }), 'ACCOUNT_FROZEN');
  const gift = { to: cold.username, amount: '2.00' };
  t.is((await ask('/v1/payments', { token: warm.token, key: 'gift', send: gift })).status, 201);
  t.is((await ask('/v1/me', { token })).json.balance.amount, '1002.00');
  t.is((await changeUser(server(), admin, cold, { status: 'active' })).status, 200);
  const replay = await ask('/v1/payments', { token, key: 'frozen', send });
  t.is(replay.text, refusal.text);
  t.is(replay.headers['idempotency-replayed'], 'true');
});

test('whoever is to register is told of each answer whether it would do, and nothing is made', async (t) => {
  const { ask } = server();
  const { username } = await newPerson(server());
  const check = (send: object) => ask('/v1/users/check', { send });
  isRefused(t, await check({ username: username.toUpperCase() }), 'USERNAME_TAKEN');
  isRefused(t, await check({ password: 'password1' }), 'WEAK_PASSWORD');
  const free = freshName();
  isRefused(t, await check({ username: free, password: free }), 'WEAK_PASSWORD');
  isRefused(t, await check({ email: 'nowhere' }), 'VALIDATION_FAILED');
  t.is((await check({ username: free, email: `${free}@example.org`, password: goodPassword })).status, 204);
  t.is((await register(server(), { username: free, currency: 'GBP' })).status, 201);
});
