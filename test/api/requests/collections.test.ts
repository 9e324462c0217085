import { randomUUID } from 'node:crypto';
import test from 'ava';
import { sharedServer } from '../support/api-server.js';
import type { Reply } from '../support/client.js';
import { newPerson, type Person } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

const server = sharedServer(test);

const collect = (by: Person, send: object, key: string = randomUUID()) =>
  server().ask('/v1/collections', { token: by.token, key, send });

const act = ({ token }: Person, id: string, verb: 'remind' | 'close') =>
  server().ask(`/v1/collections/${id}/${verb}`, { method: 'POST', token });

const show = async ({ token }: Person, id: string): Promise<Reply['json']> =>
  (await server().ask(`/v1/collections/${id}`, { token })).json;

const accept = ({ token }: Person, id: string) =>
  server().ask(`/v1/requests/${id}/accept`, { method: 'POST', token, key: randomUUID() });

const inboxOf = async ({ token }: Person): Promise<Reply['json'][]> =>
  (await server().ask('/v1/notifications', { token })).json.data;

const newPeople = (count: number) => Promise.all(Array.from({ length: count }, () => newPerson(server())));

test('a collection is made, paid in part, reminded and closed, and each step is seen by who it is for', async (t) => {
  const [teacher, ann, ben, eve] = (await newPeople(4)) as [Person, Person, Person, Person];
  const from = [ann, ben].map(({ username }) => username);
  const made = await collect(teacher, { name: 'trip', amount: '45', from });
  t.is(made.status, 201);
  const { id } = made.json;
  t.is(made.headers.location, `/v1/collections/${id}`);
  const [ofAnn, ofBen] = made.json.results;
  t.is((await accept(ann, ofAnn.requestId)).status, 200);

  const shown = await show(teacher, id);
  t.like(shown, { people: 2, counts: { paid: 1, pending: 1 }, collected: { amount: '45.00' } });
  t.deepEqual(
    shown.requests.map(({ payer, status, collectionId }: Reply['json']) => [payer, status, collectionId]),
    [
      [ben.username, 'pending', id],
      [ann.username, 'paid', id],
    ],
  );
  const seen = await server().ask(`/v1/requests/${ofBen.requestId}`, { token: ben.token });
  t.like(seen.json, { memo: 'trip', collectionId: id });
  for (const other of [ben, eve]) {
    isRefused(t, await server().ask(`/v1/collections/${id}`, { token: other.token }), 'NOT_FOUND');
    isRefused(t, await act(other, id, 'close'), 'NOT_FOUND');
  }

  t.deepEqual((await act(teacher, id, 'remind')).json.reminded, [ben.username]);
  const again = await act(teacher, id, 'remind');
  isRefused(t, again, 'RATE_LIMITED');
  t.true(Number(again.headers['retry-after']) > 23 * 3_600);
  t.deepEqual(
    (await inboxOf(ben)).map(({ type }) => type),
    ['request.reminded', 'request.received'],
  );
  const closed = await act(teacher, id, 'close');
  t.like(closed.json, { status: 'closed', cancelled: [ben.username], collected: { amount: '45.00' } });
  t.deepEqual((await act(teacher, id, 'close')).json, { ...closed.json, cancelled: [] });
  t.is((await inboxOf(ben))[0]?.type, 'request.cancelled');
  t.deepEqual(await inboxOf(ann).then((inbox) => inbox.map(({ type }) => type)), ['request.received']);
});

test('many at once with keys of their own ask each person once', async (t) => {
  const [teacher, ...people] = (await newPeople(4)) as [Person, ...Person[]];
  const from = people.map(({ username }) => username);
  const send = { name: 'gift', amount: '1.00', from };
  const replies = await Promise.all(Array.from({ length: 12 }, () => collect(teacher, send)));
  t.deepEqual(new Set(replies.map(({ status, json }) => `${status} ${json.id}`)).size, 1);
  const [first] = replies;
  t.is((await show(teacher, first?.json.id)).requests.length, 3);
  for (const one of people) {
    t.is((await inboxOf(one)).length, 1);
  }
});

test('a dry run needs no key, and a collection does', async (t) => {
  const [teacher, ann] = (await newPeople(2)) as [Person, Person];
  const send = { name: 'x', amount: '1.00', from: [ann.username, 'nobody.of.this.name'] };
  isRefused(
    t,
    await server().ask('/v1/collections', { token: teacher.token, send }),
    'IDEMPOTENCY_KEY_REQUIRED',
  );
  const dry = await server().ask('/v1/collections', {
    token: teacher.token,
    send: { ...send, dryRun: true },
  });
  t.is(dry.status, 200);
  t.is(dry.headers.location, undefined);
  t.like(dry.json, { id: null, people: 1, status: 'open' });
  t.deepEqual(
    dry.json.results.map(({ outcome }: Reply['json']) => outcome),
    ['asked', 'refused'],
  );
  t.deepEqual((await server().ask('/v1/collections', { token: teacher.token })).json.data, []);
});

test('a dry run that names somebody twice shows no id of a request that is not there', async (t) => {
  const [teacher, ann, ben] = (await newPeople(3)) as [Person, Person, Person];
  const send = { name: 'trip', amount: '5.00', from: [ann, ann, ben, ben].map(({ username }) => username) };
  const rehearse = () =>
    server().ask('/v1/collections', { token: teacher.token, send: { ...send, dryRun: true } });
  const idsIn = ({ json }: Reply) => json.results.map(({ requestId }: Reply['json']) => requestId);
  t.deepEqual(idsIn(await rehearse()), [null, null, null, null]);
  const made = await collect(teacher, { ...send, from: [ann.username] });
  const [annsId] = idsIn(made);
  t.deepEqual(idsIn(await rehearse()), [annsId, annsId, null, null]);
});

test('collections are listed in pages, by how they stand, and counted', async (t) => {
  const [teacher, ann] = (await newPeople(2)) as [Person, Person];
  const ids: string[] = [];
  for (const name of ['one', 'two', 'three']) {
    ids.unshift((await collect(teacher, { name, amount: '2.00', from: [ann.username] })).json.id);
  }
  await act(teacher, ids[1] ?? '', 'close');
  const list = async (query: string) =>
    (await server().ask(`/v1/collections${query}`, { token: teacher.token })).json;
  const idsOf = ({ data }: Reply['json']) => data.map(({ id }: Reply['json']) => id);
  const first = await list('?limit=2&count=true');
  t.deepEqual([idsOf(first), first.total], [ids.slice(0, 2), 3]);
  t.deepEqual(idsOf(await list(`?cursor=${encodeURIComponent(first.nextCursor)}`)), ids.slice(2));
  t.deepEqual(idsOf(await list('?status=open')), [ids[0], ids[2]]);
  t.deepEqual(idsOf(await list('?status=closed')), [ids[1]]);
  t.deepEqual(idsOf(await list('?status=expired')), []);
  t.like((await list('?status=open')).data[0], { asked: { amount: '2.00', currency: 'GBP' } });
});

test('what is wrong with a collection is said by field', async (t) => {
  const [teacher, ann] = (await newPeople(2)) as [Person, Person];
  const good = { name: 'x', amount: '1.00', from: [ann.username] };
  for (const [field, wrong] of Object.entries({
    name: { name: ' ' },
    from: { from: [] },
    'from.0': { from: ['a b'] },
    amount: { amount: '1.001' },
  })) {
    const reply = await collect(teacher, { ...good, ...wrong });
    isRefused(t, reply, field === 'amount' ? 'INVALID_AMOUNT' : 'VALIDATION_FAILED', { fields: [field] });
  }
  const many = Array.from({ length: 201 }, (_, place) => `somebody${place}`);
  isRefused(t, await collect(teacher, { ...good, from: many }), 'VALIDATION_FAILED', { fields: ['from'] });
  isRefused(t, await collect(teacher, { ...good, from: ['nobody.at.all'] }), 'USER_NOT_FOUND');
});
