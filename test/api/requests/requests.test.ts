import { randomUUID } from 'node:crypto';
import test from 'ava';
import { makeDataFolder } from '../../support/first-start.js';
import { until } from '../../support/until.js';
import { changeUser, newAdmin } from '../support/admins.js';
import { sharedServer, startServer } from '../support/api-server.js';
import type { Client, Reply } from '../support/client.js';
import { balanceOf, freshName, moneyOf, newPerson, type Person, pay } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

const server = sharedServer(test);
const dayMs = 24 * 3_600_000;

type Request = Reply['json'];

const couple = (payerCurrency = 'GBP') =>
  Promise.all([newPerson(server()), newPerson(server(), payerCurrency)]);

const ask = (client: Client, by: Person, send: object, key: string = randomUUID()) =>
  client.ask('/v1/requests', { token: by.token, key, send });

/** Asks for what may have been asked for before. */
const askAgain = (client: Client, by: Person, send: object) =>
  ask(client, by, { ...send, confirmDuplicateOf: '*' });

const act = (
  { id }: Request,
  verb: 'accept' | 'decline' | 'cancel' | 'remind',
  { token }: Pick<Person, 'token'>,
  send?: object,
) =>
  server().ask(`/v1/requests/${id}/${verb}`, {
    ...{ method: 'POST', token },
    ...(verb === 'accept' && { key: randomUUID() }),
    ...(send && { send }),
  });

const show = async ({ id }: Request, { token }: Person): Promise<Request> =>
  (await server().ask(`/v1/requests/${id}`, { token })).json;

const inboxOf = async ({ token }: Person): Promise<readonly string[]> =>
  (await server().ask('/v1/notifications', { token })).json.data.map(({ type }: { type: string }) => type);

test('a request is seen by both sides, and by nobody else', async (t) => {
  const [[alice, bob], eve] = [await couple(), await newPerson(server())];
  const reply = await ask(server(), alice, { from: bob.username, amount: '90', memo: 'dinner' });
  const request = reply.json;
  t.is(reply.headers.location, `/v1/requests/${request.id}`);
  t.like(request, {
    ...{ status: 'pending', requester: alice.username, payer: bob.username, memo: 'dinner' },
    ...{ amount: { amount: '90.00', currency: 'GBP' }, reason: null, paymentId: null, closedAt: null },
  });
  t.is(Date.parse(request.expiresAt) - Date.parse(request.createdAt), 30 * dayMs);
  t.deepEqual(await show(request, alice), request);
  t.deepEqual(await show(request, bob), request);
  const foreign = await server().ask(`/v1/requests/${request.id}`, { token: eve.token });
  isRefused(t, foreign, 'NOT_FOUND');
  const none = await server().ask('/v1/requests/req_none', { token: eve.token });
  t.deepEqual({ ...foreign.json, requestId: '' }, { ...none.json, requestId: '' });
});

test('the payer is found in any letter case', async (t) => {
  const [alice, bob] = await couple();
  const { json } = await ask(server(), alice, { from: bob.username.toUpperCase(), amount: '1.00' });
  t.is(json.payer, bob.username);
});

test('accepting across currencies pays, closes, and is in both histories', async (t) => {
  const [alice, carol] = await couple('USD');
  const { json: request } = await ask(server(), alice, { from: carol.username, amount: '10.00', memo: 'x' });
  isRefused(t, await act(request, 'accept', carol, { maxDebit: '12.69' }), 'RATE_CHANGED');
  isRefused(t, await act(request, 'accept', carol, { maxDebit: '12.6999' }), 'INVALID_AMOUNT', {
    fields: ['maxDebit'],
  });
  const { json } = await act(request, 'accept', carol, { maxDebit: '12.70' });
  t.deepEqual(json.request, await show(request, alice));
  t.like(json.request, { status: 'paid', paymentId: json.payment.id, closedAt: json.payment.createdAt });
  t.like(json.payment, { kind: 'request', requestId: request.id, memo: 'x', direction: 'sent' });
  for (const person of [alice, carol]) {
    const seen = await server().ask(`/v1/payments/${json.payment.id}`, { token: person.token });
    t.is(seen.json.requestId, request.id);
    const kind = await server().ask('/v1/payments?kind=request', { token: person.token });
    t.is(kind.json.data.length, 1);
  }
  t.deepEqual([await balanceOf(server(), alice), await balanceOf(server(), carol)], ['1010.00', '1257.30']);
});

test('an acceptance takes an empty body, and one memo for another', async (t) => {
  const [alice, bob] = await couple();
  const of = { from: bob.username, amount: '1.00', memo: 'theirs' };
  const requests = await Promise.all([1, 2, 3].map(async () => (await askAgain(server(), alice, of)).json));
  const memos = [];
  for (const [place, send] of [undefined, { memo: 'mine' }, { memo: '' }].entries()) {
    memos.push((await act(requests[place], 'accept', bob, send)).json.payment.memo);
  }
  t.deepEqual(memos, ['theirs', 'mine', null]);
});

test('an acceptance without funds leaves the request pending', async (t) => {
  const [alice, bob] = await couple();
  const { json: request } = await ask(server(), alice, { from: bob.username, amount: '1000.00' });
  await pay(server(), bob, { to: alice.username, amount: '0.01' });
  const before = await moneyOf(server(), [alice, bob]);
  isRefused(t, await act(request, 'accept', bob), 'INSUFFICIENT_FUNDS');
  t.deepEqual(await show(request, bob), request);
  t.deepEqual(await moneyOf(server(), [alice, bob]), before);
});

test('declining, cancelling and reminding reach the other side, and closed is closed', async (t) => {
  const [alice, bob] = await couple();
  const of = { from: bob.username, amount: '1.00' };
  const [one, other] = [(await ask(server(), alice, of)).json, (await askAgain(server(), alice, of)).json];
  t.is((await act(one, 'remind', alice)).json.status, 'pending');
  const again = await act(one, 'remind', alice);
  isRefused(t, again, 'RATE_LIMITED');
  t.true(Number(again.headers['retry-after']) > 3_500);
  isRefused(t, await act(one, 'decline', alice), 'NOT_YOUR_REQUEST');
  isRefused(t, await act(one, 'cancel', bob), 'NOT_YOUR_REQUEST');
  isRefused(t, await act(one, 'remind', bob), 'NOT_YOUR_REQUEST');
  isRefused(t, await act(one, 'accept', alice), 'NOT_YOUR_REQUEST');
  t.like((await act(one, 'decline', bob, { reason: 'too dear' })).json, {
    status: 'declined',
    reason: 'too dear',
  });
  t.is((await act(other, 'cancel', alice)).json.status, 'cancelled');
  for (const closed of [one, other]) {
    isRefused(t, await act(closed, 'accept', bob), 'REQUEST_CLOSED');
    isRefused(t, await act(closed, 'decline', bob), 'REQUEST_CLOSED');
    isRefused(t, await act(closed, 'cancel', alice), 'REQUEST_CLOSED');
    isRefused(t, await act(closed, 'remind', alice), 'REQUEST_CLOSED');
  }
  t.deepEqual((await inboxOf(bob)).toReversed(), [
    ...['request.received', 'request.received', 'request.reminded', 'request.cancelled'],
  ]);
  t.deepEqual(await inboxOf(alice), ['request.declined']);
});

test('lists have every filter, and cursors carry them', async (t) => {
  const [alice, bob, carol] = await Promise.all([
    newPerson(server()),
    newPerson(server()),
    newPerson(server()),
  ]);
  const made: Request[] = [];
  for (const [by, from] of [
    ...[[alice, bob] as const, [alice, carol] as const, [bob, alice] as const, [carol, alice] as const],
    ...[[alice, bob] as const, [bob, carol] as const],
  ]) {
    made.push((await askAgain(server(), by, { from: from.username, amount: '1.00' })).json);
  }
  await act(made[0], 'decline', bob, {});
  await act(made[2], 'accept', alice, {});
  await act(made[1], 'cancel', alice);
  const own: Request[] = await Promise.all([4, 3, 2, 1, 0].map((place) => show(made[place], alice)));
  const list = async (query: string) =>
    (await server().ask(`/v1/requests?${query}`, { token: alice.token })).json;
  const matches: Readonly<Record<string, (request: Request) => boolean>> = {
    '': () => true,
    'direction=incoming': ({ payer }) => payer === alice.username,
    'direction=outgoing': ({ requester }) => requester === alice.username,
    'status=pending': ({ status }) => status === 'pending',
    'status=paid': ({ status }) => status === 'paid',
    'status=declined': ({ status }) => status === 'declined',
    'status=cancelled': ({ status }) => status === 'cancelled',
    'status=expired': ({ status }) => status === 'expired',
    [`with=${bob.username.toUpperCase()}`]: ({ requester, payer }) =>
      [requester, payer].includes(bob.username),
    [`with=${carol.username}&direction=incoming`]: ({ requester }) => requester === carol.username,
    [`with=${alice.username}`]: () => false,
    [`with=${freshName()}`]: () => false,
    [`since=${made[2].createdAt}`]: ({ createdAt }) => createdAt >= made[2].createdAt,
    [`until=${made[2].createdAt}`]: ({ createdAt }) => createdAt < made[2].createdAt,
    [`since=${made[1].createdAt}&until=${made[3].createdAt}&direction=outgoing`]: ({ id }) =>
      id === made[1].id,
  };
  for (const [query, fits] of Object.entries(matches)) {
    const wanted = own.filter(fits);
    t.deepEqual(await list(query), { data: wanted, nextCursor: null }, query);
    const paged: Request[] = [];
    let next = `${query}&limit=1`;
    for (;;) {
      const page = await list(next);
      paged.push(...page.data);
      if (page.nextCursor === null) {
        break;
      }
      // With the filters or alone, in turn.
      next = `limit=1&cursor=${page.nextCursor}${paged.length % 2 === 0 && query !== '' ? `&${query}` : ''}`;
    }
    t.deepEqual(paged, wanted, query);
  }
});

test('a cursor that is forged, another’s or of other filters is refused, like a filter that is none', async (t) => {
  const [alice, bob] = await couple();
  for (const amount of ['1.00', '2.00']) {
    await ask(server(), alice, { from: bob.username, amount });
  }
  const list = (query: string, { token }: Person = alice) => server().ask(`/v1/requests?${query}`, { token });
  const { nextCursor } = (await list('limit=1&direction=outgoing')).json;
  for (const [query, person] of [
    [`cursor=${nextCursor}`, bob],
    [`cursor=${nextCursor}&direction=incoming`, alice],
    [`cursor=${nextCursor}&status=pending`, alice],
    ['cursor=forged', alice],
    [`cursor=${nextCursor}A`, alice],
  ] as const) {
    isRefused(t, await list(query, person), 'INVALID_CURSOR', { fields: ['cursor'] });
  }
  const payments = await server().ask(`/v1/payments?cursor=${nextCursor}`, { token: alice.token });
  isRefused(t, payments, 'INVALID_CURSOR');
  for (const [field, query] of [
    ['direction', 'direction=sent'],
    ['status', 'status=open'],
    ['since', 'since=yesterday'],
    ['until', 'until=2026-13-01T00:00:00Z'],
    ['with', 'with=a%20b'],
    ['limit', 'limit=0'],
    ['limit', 'limit=101'],
  ] as const) {
    isRefused(t, await list(query), 'VALIDATION_FAILED', { fields: [field] });
  }
});

test('asking takes a sound amount, currency, payer and time', async (t) => {
  const [alice, bob] = await couple('USD');
  const good = { from: bob.username, amount: '1.00' };
  const inDays = (days: number) => new Date(Date.now() + days * dayMs).toISOString();
  for (const [change, code, field] of [
    [{ amount: '0' }, 'INVALID_AMOUNT', 'amount'],
    [{ amount: '-1' }, 'INVALID_AMOUNT', 'amount'],
    [{ amount: '1.001' }, 'INVALID_AMOUNT', 'amount'],
    [{ amount: 1 }, 'VALIDATION_FAILED', 'amount'],
    [{ currency: 'XXX' }, 'UNKNOWN_CURRENCY', 'currency'],
    [{ currency: 'JPY', amount: '100' }, 'VALIDATION_FAILED', 'currency'],
    [{ from: freshName() }, 'USER_NOT_FOUND', 'from'],
    [{ from: alice.username }, 'SELF_REQUEST', 'from'],
    [{ expiresAt: inDays(-1) }, 'VALIDATION_FAILED', 'expiresAt'],
    [{ expiresAt: inDays(368) }, 'VALIDATION_FAILED', 'expiresAt'],
    [{ expiresAt: 'tomorrow' }, 'VALIDATION_FAILED', 'expiresAt'],
    [{ expiresAt: 1_795_370_400 }, 'VALIDATION_FAILED', 'expiresAt'],
    [{ memo: 'x'.repeat(501) }, 'VALIDATION_FAILED', 'memo'],
  ] as const) {
    isRefused(t, await ask(server(), alice, { ...good, ...change }), code, { fields: [field] });
  }
  const { json } = await server().ask('/v1/requests', { token: alice.token });
  t.deepEqual(json.data, []);
  t.deepEqual(await inboxOf(bob), []);
  t.is((await ask(server(), alice, { ...good, currency: 'USD', expiresAt: inDays(365) })).status, 201);
});

test('asking and accepting need a key, which does it once', async (t) => {
  const [alice, bob] = await couple();
  const send = { from: bob.username, amount: '10.00' };
  isRefused(t, await server().ask('/v1/requests', { token: alice.token, send }), 'IDEMPOTENCY_KEY_REQUIRED');
  const first = await ask(server(), alice, send, 'k');
  const replay = await ask(server(), alice, send, 'k');
  t.deepEqual(
    [replay.status, replay.text, replay.headers.location],
    [201, first.text, first.headers.location],
  );
  t.is(replay.headers['idempotency-replayed'], 'true');
  isRefused(t, await ask(server(), alice, { ...send, amount: '11.00' }, 'k'), 'IDEMPOTENCY_KEY_REUSED');

  const path = `/v1/requests/${first.json.id}/accept`;
  const { token } = bob;
  isRefused(t, await server().ask(path, { token, send: {} }), 'IDEMPOTENCY_KEY_REQUIRED');
  const accepted = await server().ask(path, { token, key: 'k', send: {} });
  t.is(accepted.status, 200);
  const again = await server().ask(path, { token, key: 'k', method: 'POST' });
  t.deepEqual([again.text, again.headers['idempotency-replayed']], [accepted.text, 'true']);
  isRefused(t, await server().ask(path, { token, key: 'k', send: { memo: 'x' } }), 'IDEMPOTENCY_KEY_REUSED');
  t.is(await balanceOf(server(), bob), '990.00');
});

test('each act needs its scope', async (t) => {
  const [alice, bob] = await couple();
  const { json: request } = await ask(server(), alice, { from: bob.username, amount: '1.00' });
  const scoped = async (person: Person, scope: string): Promise<Person> => {
    const send = { name: scope, scopes: [scope] };
    const { json } = await server().ask('/v1/tokens', { token: person.token, send });
    return { ...person, token: json.token };
  };
  const [payer, asker, reader] = await Promise.all(['pay', 'request', 'read'].map((it) => scoped(bob, it)));
  if (!payer || !asker || !reader) {
    throw new Error('There are three tokens.');
  }
  const own = { from: alice.username, amount: '1.00' };
  for (const person of [payer, reader]) {
    isRefused(t, await ask(server(), person, own), 'FORBIDDEN');
    isRefused(t, await act(request, 'decline', person, {}), 'FORBIDDEN');
    isRefused(t, await act(request, 'cancel', person), 'FORBIDDEN');
    isRefused(t, await act(request, 'remind', person), 'FORBIDDEN');
  }
  for (const person of [asker, reader]) {
    isRefused(t, await act(request, 'accept', person, {}), 'FORBIDDEN');
  }
  for (const { token } of [payer, asker]) {
    isRefused(t, await server().ask('/v1/requests', { token }), 'FORBIDDEN');
    isRefused(t, await server().ask(`/v1/requests/${request.id}`, { token }), 'FORBIDDEN');
  }
  t.is((await ask(server(), asker, own)).status, 201);
  t.is((await server().ask('/v1/requests', { token: reader.token })).json.data.length, 2);
  t.is((await act(request, 'accept', payer, {})).status, 200);
});

test('a frozen account declines and cancels, and neither asks, accepts nor reminds', async (t) => {
  const [alice, bob] = await couple();
  const of = { from: bob.username, amount: '1.00' };
  const [mine, theirs] = [
    (await ask(server(), alice, of)).json,
    (await ask(server(), bob, { ...of, from: alice.username })).json,
  ];
  t.is((await changeUser(server(), await newAdmin(server()), alice, { status: 'frozen' })).status, 200);
  isRefused(t, await ask(server(), alice, of), 'ACCOUNT_FROZEN');
  isRefused(t, await act(theirs, 'accept', alice, {}), 'ACCOUNT_FROZEN');
  isRefused(t, await act(mine, 'remind', alice), 'ACCOUNT_FROZEN');
  t.is((await act(theirs, 'decline', alice, {})).status, 200);
  t.is((await act(mine, 'cancel', alice)).status, 200);
});

test('a request that is over is closed within seconds, and both sides are told, once', async (t) => {
  const [alice, bob] = await couple();
  const expiresAt = new Date(Date.now() + 1_500).toISOString();
  const { json: request } = await ask(server(), alice, { from: bob.username, amount: '1.00', expiresAt });
  t.is((await act(request, 'remind', alice)).status, 200);
  const seen = await until('a request that is over', async () => {
    const shown = await show(request, bob);
    return shown.status !== 'pending' && shown;
  });
  t.is(seen.status, 'expired');
  t.true(seen.closedAt >= request.expiresAt);
  t.is(Date.parse(request.expiresAt), Date.parse(expiresAt));
  isRefused(t, await act(request, 'accept', bob, {}), 'REQUEST_CLOSED', { detail: /expired/ });
  t.deepEqual(await inboxOf(alice), ['request.expired']);
  t.deepEqual(await inboxOf(bob), ['request.expired', 'request.reminded', 'request.received']);
  const { json } = await server().ask('/v1/requests?status=expired', { token: alice.token });
  t.deepEqual(json.data, [seen]);
});

test('requests whose time is up at once are closed in the order in which they were made', async (t) => {
  const [alice, bob] = await couple();
  const expiresAt = new Date(Date.now() + 3_000).toISOString();
  const ids: string[] = [];
  for (const amount of ['1.00', '2.00', '3.00', '4.00', '5.00', '6.00']) {
    ids.push((await ask(server(), alice, { from: bob.username, amount, expiresAt })).json.id);
  }
  const told = await until('the end of all of them', async () => {
    const { json } = await server().ask('/v1/notifications', { token: alice.token });
    return json.data.length === ids.length ? json.data : undefined;
  });
  t.deepEqual(
    told.map(({ data }: { data: Request }) => data.id),
    ids.toReversed(),
  );
});

test('what the payer does not hold cannot be asked for, nor found out by asking, dry runs and restarts included', async (t) => {
  const dataDir = await makeDataFolder(t);
  const strict = await startServer({ dataDir });
  t.teardown(() => strict.stop());
  const [alice, bob] = await Promise.all([newPerson(strict), newPerson(strict)]);
  const tooMuch = { from: bob.username, amount: '1000.01' };
  for (let count = 0; count < 5; count += 1) {
    const refusal = await ask(strict, alice, tooMuch);
    isRefused(t, refusal, 'INSUFFICIENT_FUNDS');
    const { requestId: _random, ...told } = refusal.json;
    t.notRegex(JSON.stringify(told), /1000|available|required/);
    t.is((await ask(strict, alice, { ...tooMuch, dryRun: true })).status, 200);
  }
  await strict.stop();
  const again = await startServer({ dataDir });
  t.teardown(() => again.stop());
  for (const amount of ['1000.01', '1000.00', '0.01']) {
    const refusal = await ask(again, alice, { from: bob.username, amount });
    isRefused(t, refusal, 'RATE_LIMITED');
    t.true(Number(refusal.headers['retry-after']) > 86_000);
  }
  t.is((await ask(again, bob, { from: alice.username, amount: '1000.00' })).status, 201);
  t.true((await again.ask('/v1/server')).json.policies.requestsCheckFunds);
});

test('where the operator wants it anything can be asked for, so that nothing is told of what the payer holds', async (t) => {
  const open = await startServer({ environment: { PAY_REQUESTS_CHECK_FUNDS: 'false' } });
  t.teardown(() => open.stop());
  const [alice, bob] = await Promise.all([newPerson(open), newPerson(open)]);
  t.is((await ask(open, alice, { from: bob.username, amount: '1000.01' })).status, 201);
  t.false((await open.ask('/v1/server')).json.policies.requestsCheckFunds);
});
