import { randomUUID } from 'node:crypto';
import test from 'ava';
import { publicId } from '../../../server/ids.js';
import { sharedServer } from '../../api/support/api-server.js';
import type { Reply } from '../../api/support/client.js';
import { newPerson, type Person, pay } from '../../api/support/people.js';

const server = sharedServer(test);

interface Notification {
  readonly id: string;
  readonly type: string;
  readonly at: string;
  readonly data: { readonly memo: string; readonly id: string };
  readonly read: boolean;
}

const list = (person: Pick<Person, 'token'>, query = '') =>
  server().ask(`/v1/notifications${query}`, { token: person.token });

const markRead = (person: Pick<Person, 'token'>, upTo: unknown) =>
  server().ask('/v1/notifications/read', { token: person.token, send: { upTo } });

const memosOf = ({ json }: Reply) => json.data.map(({ data }: Notification) => data.memo);

/** Somebody who was paid so many times, with the memos 1, 2, 3 … */
async function receiver(times: number): Promise<Person> {
  const [payer, person] = [await newPerson(server()), await newPerson(server(), 'USD')];
  for (let time = 1; time <= times; time += 1) {
    await pay(server(), payer, { to: person.username, amount: `${time}.00`, memo: String(time) });
  }
  return person;
}

test('a payment is in the inbox of its receiver, as the receiver sees it, and not in that of its payer', async (t) => {
  const [payer, person] = [await newPerson(server()), await newPerson(server(), 'USD')];
  const sent = await pay(server(), payer, { to: person.username, amount: '10.00', memo: 'lunch' });
  const { json } = await list(person);
  t.is(json.nextCursor, null);
  t.is(json.data.length, 1);
  const [{ id, type, at, data, read }] = json.data;
  t.regex(id, /^evt_/);
  t.is(type, 'payment.received');
  t.is(at, sent.json.createdAt);
  t.false(read);
  const seen = await server().ask(`/v1/payments/${sent.json.id}`, { token: person.token });
  t.deepEqual(data, seen.json);
  t.deepEqual((await list(payer)).json, { data: [], nextCursor: null });
});

test('a request is in the inbox as it stands now: what is closed or over asks for no answer any more', async (t) => {
  const [asker, person] = [await newPerson(server()), await newPerson(server())];
  const ask = async (memo: string, more: object = {}) =>
    (
      await server().ask('/v1/requests', {
        token: asker.token,
        key: randomUUID(),
        send: { from: person.username, amount: '1.00', memo, ...more },
      })
    ).json;
  const expiresAt = new Date(Date.now() + 1_500).toISOString();
  const [paid, over] = [await ask('paid'), await ask('over', { expiresAt })];
  await ask('open');
  const { token } = person;
  await server().ask(`/v1/requests/${paid.id}/accept`, { token, key: randomUUID(), send: {} });
  while (Date.now() <= Date.parse(over.expiresAt)) {
    t.like((await list(person)).json.data.at(-1).data, { memo: 'paid', status: 'paid' });
  }
  const { json } = await list(person);
  const asked = json.data.filter(({ type }: Notification) => type === 'request.received');
  t.deepEqual(
    asked.map(({ data }: { data: { memo: string; status: string } }) => [data.memo, data.status]),
    [
      ['open', 'pending'],
      ['over', 'expired'],
      ['paid', 'paid'],
    ],
  );
  t.regex(asked.at(-1).data.paymentId, /^pay_/);
});

test('an inbox comes in pages, newest first', async (t) => {
  const person = await receiver(5);
  const first = await list(person, '?limit=2');
  t.deepEqual(memosOf(first), ['5', '4']);
  const second = await list(person, `?limit=2&cursor=${first.json.nextCursor}`);
  t.deepEqual(memosOf(second), ['3', '2']);
  const third = await list(person, `?limit=2&cursor=${second.json.nextCursor}`);
  t.deepEqual(memosOf(third), ['1']);
  t.is(third.json.nextCursor, null);
  const exact = await list(person, '?limit=5');
  t.is(exact.json.nextCursor, null);
});

test('marking a notification marks all before it, and the mark never moves back', async (t) => {
  const person = await receiver(5);
  const reads = async () => (await list(person)).json.data.map(({ read }: Notification) => read);
  const [, fourth, , second] = (await list(person)).json.data as readonly Notification[];
  t.deepEqual(await reads(), [false, false, false, false, false]);
  t.is((await markRead(person, second?.id)).status, 204);
  t.deepEqual(await reads(), [false, false, false, true, true]);
  t.is((await markRead(person, fourth?.id)).status, 204);
  t.deepEqual(await reads(), [false, true, true, true, true]);
  t.is((await markRead(person, second?.id)).status, 204);
  t.deepEqual(await reads(), [false, true, true, true, true]);
});

test('an inbox can be narrowed to what is read or not, and its cursors carry that', async (t) => {
  const person = await receiver(6);
  const nothingRead = await list(person, '?unread=true');
  t.is(nothingRead.json.data.length, 6);
  t.deepEqual((await list(person, '?unread=false')).json.data, []);
  await markRead(person, nothingRead.json.data[3].id);
  t.deepEqual(memosOf(await list(person, '?unread=true')), ['6', '5', '4']);
  t.deepEqual(memosOf(await list(person, '?unread=false')), ['3', '2', '1']);
  const first = await list(person, '?unread=true&limit=2');
  const cursor = first.json.nextCursor;
  t.deepEqual(memosOf(await list(person, `?limit=2&cursor=${cursor}`)), ['4']);
  t.is((await list(person, `?unread=false&cursor=${cursor}`)).json.code, 'INVALID_CURSOR');
  t.is((await list(await newPerson(server()), `?cursor=${cursor}`)).json.code, 'INVALID_CURSOR');
  t.is((await list(person, '?unread=maybe')).json.code, 'VALIDATION_FAILED');
});

test("what is nobody's notification, or somebody else's, cannot be marked and marks nothing", async (t) => {
  const [person, other] = [await receiver(2), await receiver(1)];
  const [others] = (await list(other)).json.data;
  for (const upTo of [others.id, publicId('evt', 0), 'evt_', '', publicId('pay', 1)]) {
    const reply = await markRead(person, upTo);
    t.is(reply.status, 404, upTo);
    t.is(reply.json.code, 'NOT_FOUND');
  }
  for (const send of [{}, { upTo: null }, { upTo: 1 }, { upTo: others.id, all: true }]) {
    const reply = await server().ask('/v1/notifications/read', { token: person.token, send });
    t.is(reply.json.code, 'VALIDATION_FAILED');
  }
  t.deepEqual(
    (await list(person)).json.data.map(({ read }: Notification) => read),
    [false, false],
  );
});

test('the inbox and the stream need the scope read', async (t) => {
  const person = await receiver(1);
  const makeToken = async (scopes: readonly string[]) => {
    const send = { name: randomUUID(), scopes };
    return (await server().ask('/v1/tokens', { token: person.token, send })).json;
  };
  const [payOnly, readOnly] = [await makeToken(['pay', 'request']), await makeToken(['read'])];
  const [event] = (await list(readOnly)).json.data;
  t.is((await list(payOnly)).json.code, 'FORBIDDEN');
  t.is((await markRead(payOnly, event.id)).json.code, 'FORBIDDEN');
  t.is((await server().ask('/v1/events', { token: payOnly.token })).json.code, 'FORBIDDEN');
  t.is((await server().ask('/v1/events')).json.code, 'UNAUTHENTICATED');
  t.is((await markRead(readOnly, event.id)).status, 204);
});

test('a stream is not given to whoever takes only JSON, and its refusals fit the contract', async (t) => {
  const { token } = await newPerson(server());
  const ask = (headers: Readonly<Record<string, string>>) => server().ask('/v1/events', { token, headers });
  t.is((await ask({ accept: 'application/json' })).json.code, 'NOT_ACCEPTABLE');
  t.is((await ask({ 'last-event-id': 'nonsense' })).json.code, 'INVALID_CURSOR');
  t.is((await server().ask('/v1/events?since=1', { token })).json.code, 'VALIDATION_FAILED');
  t.is((await server().ask('/v1/events', { token, method: 'POST' })).status, 405);
});

test('a payment that was refused, rehearsed or replayed tells nobody anything more', async (t) => {
  const [payer, person] = [await newPerson(server()), await newPerson(server())];
  const to = person.username;
  await pay(server(), payer, { to, amount: '9999999.00' });
  await pay(server(), payer, { to, amount: '1.00', dryRun: true });
  t.deepEqual((await list(person)).json.data, []);
  const key = randomUUID();
  await pay(server(), payer, { to, amount: '1.00' }, key);
  await pay(server(), payer, { to, amount: '1.00' }, key);
  t.is((await list(person)).json.data.length, 1);
});
