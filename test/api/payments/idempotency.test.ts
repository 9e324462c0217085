import test from 'ava';
import { sharedServer } from '../support/api-server.js';
import { booksOf } from '../support/database.js';
import { balanceOf, freshName, historyOf, logIn, newPerson, newScript, pay } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

const server = sharedServer(test);

test('a replay gives the first answer, byte for byte, and moves nothing', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server()), newPerson(server(), 'USD')]);
  const key = freshName('key');
  const send = { to: bob.username, amount: '10.00', memo: 'lunch' };
  const first = await pay(server(), alice, send, key);
  t.is(first.headers['idempotency-replayed'], undefined);
  const books = await booksOf(server(), [alice, bob]);
  for (let count = 0; count < 3; count += 1) {
    const replay = await pay(server(), alice, send, key);
    t.is(replay.status, 201);
    t.is(replay.text, first.text);
    t.is(replay.headers['idempotency-replayed'], 'true');
    t.is(replay.headers.location, first.headers.location);
    t.is(replay.headers['content-type'], first.headers['content-type']);
  }
  t.deepEqual(await booksOf(server(), [alice, bob]), books);
});

test('a replay gives the first answer after other payments, and in another session', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server()), newPerson(server())]);
  const key = freshName('key');
  const first = await pay(server(), alice, { to: bob.username, amount: '10.00' }, key);
  await pay(server(), alice, { to: bob.username, amount: '990.00' });
  const token = await logIn(server(), alice.username);
  const replay = await pay(server(), { ...alice, token }, { to: bob.username, amount: '10.00' }, key);
  t.is(replay.text, first.text);
  t.is(await balanceOf(server(), alice), '0.00');
});

test('a refusal of the ledger is remembered, with the same status and bytes, whatever changes since', async (t) => {
  const [alice, bob, carol] = await Promise.all([
    newPerson(server()),
    newPerson(server(), 'USD'),
    newPerson(server()),
  ]);
  const name = freshName('later');
  const cases = [
    { code: 'INSUFFICIENT_FUNDS', send: { to: bob.username, amount: '1000.01' } },
    { code: 'USER_NOT_FOUND', send: { to: name, amount: '1.00' } },
    { code: 'SELF_PAYMENT', send: { to: alice.username, amount: '1.00' } },
    { code: 'RATE_CHANGED', send: { to: bob.username, amount: '10.00', maxDebit: '1.00' } },
  ] as const;
  const first = [];
  for (const { code, send } of cases) {
    const reply = await pay(server(), alice, send, `key-${code}`);
    isRefused(t, reply, code);
    t.is(reply.headers['idempotency-replayed'], undefined);
    first.push(reply);
  }
  await pay(server(), carol, { to: alice.username, amount: '500.00' });
  const email = `${name}@example.org`;
  const newcomer = { username: name, email, password: alice.password, currency: 'GBP' };
  t.is((await server().ask('/v1/users', { send: newcomer })).status, 201);
  for (const [place, { code, send }] of cases.entries()) {
    const replay = await pay(server(), alice, send, `key-${code}`);
    t.deepEqual([replay.status, replay.text], [first[place]?.status, first[place]?.text]);
    t.is(replay.headers['idempotency-replayed'], 'true');
    t.is(replay.headers['content-type'], 'application/problem+json');
  }
  t.is(await balanceOf(server(), alice), '1500.00');
});

test('what never reached the ledger is not remembered', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server()), newPerson(server())]);
  const key = freshName('key');
  const good = { to: bob.username, amount: '1.00' };
  for (const [change, token, code] of [
    [{ amount: '0' }, alice.token, 'INVALID_AMOUNT'],
    [{ amount: 1 }, alice.token, 'VALIDATION_FAILED'],
    [{ colour: 'red' }, alice.token, 'VALIDATION_FAILED'],
    [{ currency: 'XXX' }, alice.token, 'UNKNOWN_CURRENCY'],
    [{}, 'nobody', 'UNAUTHENTICATED'],
  ] as const) {
    const reply = await server().ask('/v1/payments', { token, key, send: { ...good, ...change } });
    isRefused(t, reply, code);
  }
  isRefused(t, await server().ask('/v1/payments', { token: alice.token, key, body: '{' }), 'MALFORMED_JSON');
  const reply = await pay(server(), alice, good, key);
  t.is(reply.status, 201);
  t.is(reply.headers['idempotency-replayed'], undefined);
});

test('another input under the same key is refused and moves nothing', async (t) => {
  const [alice, bob, carol] = await Promise.all([
    newPerson(server()),
    newPerson(server(), 'USD'),
    newPerson(server()),
  ]);
  const key = freshName('key');
  const send = { to: bob.username, amount: '10.00', memo: 'lunch', maxDebit: '20.00' };
  const first = await pay(server(), alice, send, key);
  const books = await booksOf(server(), [alice, bob]);
  for (const change of [
    { amount: '10.01' },
    { to: carol.username },
    { currency: 'USD' },
    { memo: 'Lunch' },
    { memo: null },
    { maxDebit: '20.01' },
    { maxDebit: undefined },
    { amount: '5000.00' },
    { to: alice.username },
    { to: freshName('nobody') },
  ]) {
    isRefused(t, await pay(server(), alice, { ...send, ...change }, key), 'IDEMPOTENCY_KEY_REUSED', {
      detail: /new key/,
    });
  }
  t.deepEqual(await booksOf(server(), [alice, bob]), books);
  t.is((await pay(server(), alice, send, key)).text, first.text);
});

test('another spelling of the same input is the same', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server()), newPerson(server())]);
  const key = freshName('key');
  const { username } = bob;
  const first = await pay(server(), alice, { to: username, amount: '10.00', memo: 'a/b' }, key);
  for (const body of [
    `{"memo":"a\\/b","amount":"10.00","to":"${username}"}`,
    `\n{ "to" : "${username}",\t"amount":"10.00", "memo":"a\\u002fb" }\n`,
    `{"to":"${username}","amount":"10","memo":"a/b","dryRun":false,"currency":"GBP"}`,
    `{"to":"${username.toUpperCase()}","amount":"10.0","memo":"a/b"}`,
  ]) {
    const replay = await server().ask('/v1/payments', { token: alice.token, key, body });
    t.is(replay.text, first.text, body);
    t.is(replay.headers['idempotency-replayed'], 'true');
  }
  t.is(await balanceOf(server(), alice), '990.00');
});

test('twins that arrive together move money once and get the same answer', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server()), newPerson(server())]);
  for (const amount of ['10.00', '5000.00']) {
    const key = freshName('key');
    const twins = await Promise.all(
      Array.from({ length: 20 }, () => pay(server(), alice, { to: bob.username, amount }, key)),
    );
    t.is(new Set(twins.map(({ text, status }) => `${status} ${text}`)).size, 1);
    const originals = twins.filter(({ headers }) => headers['idempotency-replayed'] === undefined);
    t.is(originals.length, 1);
  }
  t.is(await balanceOf(server(), alice), '990.00');
  t.is((await historyOf(server(), alice)).length, 2);
});

test('of different inputs that arrive together under one key, one is taken', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server()), newPerson(server())]);
  const key = freshName('key');
  const replies = await Promise.all(
    Array.from({ length: 10 }, (_, place) =>
      pay(server(), alice, { to: bob.username, amount: `${place + 1}.00` }, key),
    ),
  );
  const taken = replies.filter(({ status }) => status === 201);
  t.is(taken.length, 1);
  for (const reply of replies.filter(({ status }) => status !== 201)) {
    isRefused(t, reply, 'IDEMPOTENCY_KEY_REUSED');
  }
  t.is(await balanceOf(server(), alice), taken[0]?.json.balanceAfter.amount);
});

test('a key belongs to its user: another may use the same', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server()), newPerson(server())]);
  const key = freshName('key');
  t.is((await pay(server(), alice, { to: bob.username, amount: '10.00' }, key)).status, 201);
  const other = await pay(server(), bob, { to: alice.username, amount: '3.00' }, key);
  t.is(other.status, 201);
  t.is(other.headers['idempotency-replayed'], undefined);
  t.is(await balanceOf(server(), alice), '993.00');
});

test('a key is required, and must be 1 to 255 visible ASCII characters', async (t) => {
  const { ask } = server();
  const [alice, bob] = await Promise.all([newScript(server()), newPerson(server())]);
  const { token } = alice;
  const send = { to: bob.username, amount: '1.00' };
  isRefused(t, await ask('/v1/payments', { token, send }), 'IDEMPOTENCY_KEY_REQUIRED', {
    detail: /Idempotency-Key/,
  });
  for (const key of ['', 'two words', 'tab\there', 'x'.repeat(256), Buffer.from('é').toString('latin1')]) {
    isRefused(t, await ask('/v1/payments', { token, key, send }), 'IDEMPOTENCY_KEY_INVALID', {
      detail: /255 visible ASCII/,
    });
  }
  t.is(await balanceOf(server(), alice), '1000.00');
  for (const key of ['k', '!~"#,;', 'x'.repeat(255)]) {
    t.is((await ask('/v1/payments', { token, key, send })).status, 201);
  }
  t.is(await balanceOf(server(), alice), '997.00');
});

test('keys that differ in letter case are different', async (t) => {
  const [alice, bob] = await Promise.all([newScript(server()), newPerson(server())]);
  const key = freshName('key');
  await pay(server(), alice, { to: bob.username, amount: '1.00' }, key);
  const reply = await pay(server(), alice, { to: bob.username, amount: '1.00' }, key.toUpperCase());
  t.is(reply.headers['idempotency-replayed'], undefined);
  t.is(await balanceOf(server(), alice), '998.00');
});
