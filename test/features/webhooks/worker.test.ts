import { EventEmitter, once } from 'node:events';
import test from 'ava';
import { nobody } from '../../../server/features/webhooks/attempts.js';
import { deleteWebhook } from '../../../server/features/webhooks/delete-webhook.js';
import {
  countWaiting,
  findDue,
  findWebhookQueues,
} from '../../../server/features/webhooks/delivery-store.js';
import {
  type ScheduleDeliveries,
  scheduleDeliveries,
} from '../../../server/features/webhooks/schedule-deliveries.js';
import { scheduleNewEvents } from '../../../server/features/webhooks/schedule-new-events.js';
import { publicId } from '../../../server/ids.js';
import type { Outcome } from '../../../server/ledger/outcome.js';
import { decision } from '../../../server/ledger/rule.js';
import { callerOf } from '../../ledger/support/callers.js';
import { makeManualClock } from '../../support/manual-clock.js';
import { type Mailroom, openMailroom, secret } from './support/mailroom.js';
import { isSigned } from './support/own-hmac.js';
import { never, type Received, type Receiver, startReceiver, withStatus } from './support/receiver.js';

const dayMs = 24 * 3_600_000;
/** Longer than events are gathered for. */
const momentMs = 100;

const urlOf = ({ port }: Receiver, path = '/hook') => `http://127.0.0.1:${port}${path}`;

const signedAt = ({ headers }: Received) => Number(/^t=(\d+)/.exec(String(headers['pay-signature']))?.[1]);

const statuses = async (room: Mailroom) => (await room.deliveries()).map(({ status }) => status);

test('a webhook has a thousand pending deliveries at most, and what waits beyond them is not lost', async (t) => {
  const clock = makeManualClock();
  const room = await openMailroom(t, clock);
  const alice = await room.register('alice');
  await room.makeWebhook(alice, 'http://127.0.0.1:9/', 'payment.received');
  const types = Array.from({ length: 1_010 }, () => 'payment.received' as const);
  await room.tell(alice, ...types);
  while (await scheduleNewEvents(room.readers, (input) => decided(room, input))) {
    t.true((await room.deliveries()).length <= 1_000 + 49);
  }
  const pending = (await room.deliveries()).length;
  t.true(pending >= 1_000 && pending < 1_050, `${pending}`);
  t.false(await scheduleNewEvents(room.readers, () => Promise.reject(new Error('nothing is to be made'))));
});

test('what waits for a webhook is counted until the webhook ends', async (t) => {
  const room = await openMailroom(t, makeManualClock());
  const alice = await room.register('alice');
  const staying = await room.makeWebhook(alice, 'http://127.0.0.1:9/', 'payment.received');
  const webhookId = await room.makeWebhook(alice, 'http://127.0.0.1:9/', '*');
  await room.tell(alice, 'payment.received', 'request.received', 'payment.received');
  await scheduleNewEvents(room.readers, (input) => decided(room, input));
  const waiting = await countWaiting(room.readers);
  const ofStaying = (await room.deliveries()).filter(({ webhook_id }) => webhook_id === staying).length;
  t.is(ofStaying, 2);
  t.is(waiting, (await room.deliveries()).length);
  const input = { userId: alice, webhookId };
  const { status } = await room.decide(decision(deleteWebhook, { input, caller: callerOf(alice) }));
  t.is(status, 204);
  t.is(await countWaiting(room.readers), ofStaying);
});

test('of all queues those are read in which something is due, and the one that is due next', async (t) => {
  const clock = makeManualClock();
  const start = clock.now();
  const room = await openMailroom(t, clock);
  const made: { readonly owner: number; readonly webhook: number; readonly at: number }[] = [];
  for (const name of ['alice', 'bob', 'carol', 'dave']) {
    const owner = await room.register(name);
    const webhook = await room.makeWebhook(owner, `http://127.0.0.1:9/${name}`, 'request.paid');
    await room.makeWebhook(owner, 'http://127.0.0.1:9/idle', 'request.declined');
    await room.tell(owner, 'request.paid', 'payment.received');
    await scheduleNewEvents(room.readers, (input) => decided(room, input));
    made.push({ owner, webhook, at: clock.now() });
    clock.advance(1_000);
  }
  const [alice, bob, carol, dave] = made;
  const read = async (now = start - 1, underWay: readonly number[] = []) =>
    (await findWebhookQueues(room.readers, { now, underWay })).map(({ id }) => id);
  t.deepEqual(await findWebhookQueues(room.readers, { now: alice?.at ?? 0, underWay: [] }), [
    {
      id: alice?.webhook,
      user_id: alice?.owner,
      url: 'http://127.0.0.1:9/alice',
      due_at: alice?.at,
    },
    { id: bob?.webhook, user_id: bob?.owner, url: 'http://127.0.0.1:9/bob', due_at: bob?.at },
  ]);
  t.deepEqual(await read(), [alice?.webhook]);
  t.deepEqual(await read(bob?.at), [alice?.webhook, bob?.webhook, carol?.webhook]);
  t.deepEqual(await read(dave?.at), [alice?.webhook, bob?.webhook, carol?.webhook, dave?.webhook]);
  const deliveries = await room.deliveries();
  const underWay = deliveries.filter(({ webhook_id }) => webhook_id !== carol?.webhook).map(({ id }) => id);
  t.is(underWay.length, 3);
  t.deepEqual(await read(dave?.at, underWay), [carol?.webhook]);
});

test('new events are looked for among the webhooks of those who were told of some', async (t) => {
  const clock = makeManualClock();
  const room = await openMailroom(t, clock);
  const [alice, bob] = [await room.register('alice'), await room.register('bob')];
  await room.makeWebhook(alice, 'http://127.0.0.1:9/', 'request.paid');
  const ofBob = await room.makeWebhook(bob, 'http://127.0.0.1:9/', 'request.paid');
  await room.tell(alice, 'request.paid');
  await room.tell(bob, 'request.paid');
  await scheduleNewEvents(room.readers, (input) => decided(room, input), [bob]);
  t.deepEqual(
    (await room.deliveries()).map(({ webhook_id }) => webhook_id),
    [ofBob],
  );
  t.false(await scheduleNewEvents(room.readers, () => Promise.reject(new Error('nothing is new')), []));
  await scheduleNewEvents(room.readers, (input) => decided(room, input));
  t.is((await room.deliveries()).length, 2);
});

async function decided(room: Mailroom, input: ScheduleDeliveries): Promise<void> {
  mustBeDone(await room.decide(decision(scheduleDeliveries, { input, caller: nobody })));
}

function mustBeDone({ status, json }: Outcome): void {
  if (status !== 200) {
    throw new Error(json);
  }
}

test('an event is delivered once, signed, as it stands in the notifications', async (t) => {
  const clock = makeManualClock();
  const [room, receiver] = [await openMailroom(t, clock), await startReceiver(t)];
  const alice = await room.register('alice');
  await room.makeWebhook(alice, urlOf(receiver), 'payment.received');
  await room.tell(alice, 'payment.received');
  const recorded = room.decided('record-attempt');
  room.startWorker();
  const { headers, body } = await receiver.next();
  await recorded;
  const event = await room.readers('events').where({ type: 'payment.received' }).first();
  t.deepEqual(JSON.parse(body), {
    id: publicId('evt', event.id),
    type: 'payment.received',
    at: '2026-11-23T18:00:00.000000Z',
    data: { place: 0 },
  });
  const [delivery] = await room.deliveries();
  t.is(headers['pay-event-id'], publicId('evt', event.id));
  t.is(headers['pay-delivery-id'], publicId('dlv', delivery?.id ?? 0));
  t.true(isSigned(String(headers['pay-signature']), secret, body));
  t.like(delivery, { status: 'delivered', attempts: 1, last_status: 200, last_error: null });
  await room.tell(alice, 'payment.received');
  clock.advance(dayMs);
  t.not((await receiver.next()).headers['pay-event-id'], publicId('evt', event.id));
  t.is(receiver.count(), 2);
});

test('a webhook hears of what it asked for, from its making on, and of nobody else', async (t) => {
  const clock = makeManualClock();
  const [room, receiver, all] = [
    await openMailroom(t, clock),
    await startReceiver(t),
    await startReceiver(t),
  ];
  const [alice, bob] = [await room.register('alice'), await room.register('bob')];
  await room.tell(alice, 'request.paid');
  await room.makeWebhook(alice, urlOf(receiver), 'request.paid', 'request.declined');
  await room.makeWebhook(alice, urlOf(all), '*');
  await room.tell(bob, 'request.paid');
  await room.tell(alice, 'payment.received', 'request.paid', 'session.opened', 'request.declined');
  room.startWorker();
  const types = async (from: Receiver, count: number) => {
    const got = [];
    for (let index = 0; index < count; index += 1) {
      got.push(JSON.parse((await from.next()).body).type);
    }
    return got.sort();
  };
  t.deepEqual(await types(receiver, 2), ['request.declined', 'request.paid']);
  t.deepEqual(await types(all, 4), [
    'payment.received',
    'request.declined',
    'request.paid',
    'session.opened',
  ]);
  t.is((await room.deliveries()).length, 6);
});

test('a worker that runs hears of new events by itself', async (t) => {
  const clock = makeManualClock();
  const [room, receiver] = [await openMailroom(t, clock), await startReceiver(t)];
  const worker = room.startWorker();
  const alice = await room.register('alice');
  await room.makeWebhook(alice, urlOf(receiver), '*');
  worker.wake();
  await room.tell(alice, 'payment.received');
  clock.advance(momentMs);
  await receiver.next();
  const scheduled = room.decided('schedule-deliveries');
  await room.tell(alice, 'request.paid');
  clock.advance(momentMs);
  await scheduled;
  t.is(JSON.parse((await receiver.next()).body).type, 'request.paid');
});

test('what fails is tried again after the wait and not before', async (t) => {
  const clock = makeManualClock();
  const room = await openMailroom(t, clock);
  const receiver = await startReceiver(t, { answer: withStatus(503) });
  const alice = await room.register('alice');
  await room.makeWebhook(alice, urlOf(receiver), '*');
  await room.tell(alice, 'payment.received');
  let recorded = room.decided('record-attempt');
  room.startWorker();
  const first = await receiver.next();
  await recorded;
  const [delivery] = await room.deliveries();
  t.like(delivery, {
    status: 'pending',
    attempts: 1,
    last_status: 503,
    last_error: 'answered with status 503',
  });
  t.is(delivery?.next_attempt_at, clock.now() + 5_000_000);
  receiver.answer(withStatus(200));
  recorded = room.decided('record-attempt');
  clock.advance(4_999);
  await new Promise(setImmediate);
  clock.advance(1);
  const second = await receiver.next();
  await recorded;
  t.is(signedAt(second), signedAt(first) + 5);
  t.is(second.body, first.body);
  t.is(second.headers['pay-delivery-id'], first.headers['pay-delivery-id']);
  t.true(isSigned(String(second.headers['pay-signature']), secret, second.body));
  t.deepEqual(await statuses(room), ['delivered']);
});

test('what waits since the clock was years ahead is sent once it is right', async (t) => {
  const clock = makeManualClock();
  const room = await openMailroom(t, clock);
  const owner = await room.register('alice');
  const webhook = await room.makeWebhook(owner, 'http://127.0.0.1:9/alice', 'request.paid');
  const yearMs = 365 * 86_400_000;
  clock.leap(yearMs);
  await room.tell(owner, 'request.paid');
  await scheduleNewEvents(room.readers, (input) => decided(room, input));
  const nothingElse = { underWay: [], limit: 10 };
  const due = async () => {
    const queues = await findWebhookQueues(room.readers, { now: clock.now(), underWay: [] });
    const isDue = queues.some(({ due_at }) => due_at <= clock.now());
    const found = await findDue(room.readers, webhook, { now: clock.now(), ...nothingElse });
    t.is(isDue, found.length > 0);
    return found.length;
  };
  clock.leap(-7 * 3_600_000);
  t.is(await due(), 1, 'no wait is as long');
  clock.leap(3_600_000);
  t.is(await due(), 0, 'a wait may be as long');
  clock.leap(6 * 3_600_000 - yearMs);
  t.is(await due(), 1);
});

test('after three days of failures a webhook is disabled, and its owner is told over the others', async (t) => {
  const clock = makeManualClock();
  const room = await openMailroom(t, clock);
  const [broken, healthy] = [await startReceiver(t, { answer: withStatus(500) }), await startReceiver(t)];
  const alice = await room.register('alice');
  const id = await room.makeWebhook(alice, urlOf(broken), 'payment.received');
  await room.makeWebhook(alice, urlOf(healthy), 'webhook.disabled');
  await room.tell(alice, 'payment.received');
  const began = clock.now();
  let recorded = room.decided('record-attempt');
  room.startWorker();
  let attempts = 0;
  for (let status = 'pending'; status === 'pending'; attempts += 1) {
    status = JSON.parse((await recorded).json).status;
    const next = (await room.deliveries())[0]?.next_attempt_at ?? clock.now();
    recorded = room.decided('record-attempt');
    clock.advance((next - clock.now()) / 1000);
  }
  t.is(clock.now(), began + 3 * dayMs * 1000);
  t.is(broken.count(), attempts);
  t.is((await room.webhook(id))?.status, 'disabled');
  clock.advance(momentMs);
  const { type, data } = JSON.parse((await healthy.next()).body);
  t.is(type, 'webhook.disabled');
  t.like(data, { id: publicId('whk', id), url: urlOf(broken), status: 'disabled' });
  t.false(JSON.stringify(data).includes(secret));
  await recorded;
  await room.tell(alice, 'payment.received', 'webhook.disabled');
  clock.advance(dayMs);
  t.is(JSON.parse((await healthy.next()).body).type, 'webhook.disabled');
  t.is(broken.count(), attempts, 'nothing more is sent to it');
});

test('one endpoint that never answers does not hold up the others, nor its own later events for ever', async (t) => {
  const clock = makeManualClock();
  const room = await openMailroom(t, clock);
  const [slow, quick] = [await startReceiver(t, { answer: never }), await startReceiver(t)];
  const [alice, bob] = [await room.register('alice'), await room.register('bob')];
  await room.makeWebhook(alice, urlOf(slow), '*');
  await room.makeWebhook(bob, urlOf(quick), '*');
  await room.tell(alice, ...Array.from({ length: 20 }, () => 'payment.received' as const));
  room.startWorker();
  await slow.next();
  await slow.next();
  await room.tell(bob, ...Array.from({ length: 20 }, () => 'payment.received' as const));
  clock.advance(momentMs);
  const ids = new Set<unknown>();
  for (let count = 0; count < 20; count += 1) {
    ids.add((await quick.next()).headers['pay-event-id']);
  }
  t.is(ids.size, 20);
  t.is(slow.count(), 2, 'two at a time');
});

test('a worker that is stopped breaks off, and the next one delivers what is pending', async (t) => {
  const clock = makeManualClock();
  const room = await openMailroom(t, clock);
  const receiver = await startReceiver(t, { answer: never });
  const alice = await room.register('alice');
  await room.makeWebhook(alice, urlOf(receiver), '*');
  await room.tell(alice, 'payment.received', 'request.paid', 'request.declined');
  const worker = room.startWorker();
  const before = [await receiver.next(), await receiver.next()];
  await worker.stop();
  t.deepEqual(await statuses(room), ['pending', 'pending', 'pending']);
  t.deepEqual(
    (await room.deliveries()).map(({ attempts }) => attempts),
    [0, 0, 0],
  );
  receiver.answer(withStatus(200));
  room.startWorker();
  const after = [await receiver.next(), await receiver.next(), await receiver.next()];
  const ids = after.map(({ headers }) => headers['pay-event-id']);
  t.is(new Set(ids).size, 3);
  t.true(before.every(({ headers }) => ids.includes(headers['pay-event-id'])));
});

test('a ledger that is too busy is left alone for a while, and nothing is sent twice for it', async (t) => {
  const clock = makeManualClock();
  const [room, receiver] = [await openMailroom(t, clock), await startReceiver(t)];
  const alice = await room.register('alice');
  await room.makeWebhook(alice, urlOf(receiver), '*');
  await room.tell(alice, 'payment.received');
  const refusals = new EventEmitter();
  let refused = 'schedule-deliveries';
  room.refuse = ({ rule }) => rule === refused && refusals.emit(rule);
  const isScheduleRefused = once(refusals, 'schedule-deliveries');
  room.startWorker();
  await isScheduleRefused;
  t.deepEqual(await room.deliveries(), []);
  refused = 'record-attempt';
  const isRecordRefused = once(refusals, 'record-attempt');
  clock.advance(1_000);
  await receiver.next();
  await isRecordRefused;
  t.deepEqual(await statuses(room), ['pending']);
  refused = 'nothing';
  const recorded = room.decided('record-attempt');
  clock.advance(1_000);
  await recorded;
  t.deepEqual(await statuses(room), ['delivered']);
  t.is(receiver.count(), 1);
});

test('events beyond a page, of many webhooks, are each delivered once', async (t) => {
  const clock = makeManualClock();
  const [room, receiver] = [await openMailroom(t, clock), await startReceiver(t)];
  const users: number[] = [];
  for (const name of ['alice', 'bob', 'carol']) {
    const user = await room.register(name);
    users.push(user);
    for (let hook = 0; hook < 2; hook += 1) {
      await room.makeWebhook(user, urlOf(receiver, `/${name}/${hook}`), 'payment.received');
    }
  }
  const many = Array.from({ length: 120 }, (_, place) =>
    place % 3 === 0 ? ('request.paid' as const) : ('payment.received' as const),
  );
  await Promise.all(users.map((user) => room.tell(user, ...many)));
  room.startWorker();
  const seen = new Set<string>();
  const expected = users.length * 2 * 80;
  for (let count = 0; count < expected; count += 1) {
    const { path, headers } = await receiver.next();
    seen.add(`${path} ${headers['pay-event-id']}`);
  }
  t.is(seen.size, expected);
  t.is((await room.deliveries()).length, expected);
});

test('without webhooks a worker asks the ledger for nothing, whatever happens', async (t) => {
  const clock = makeManualClock();
  const room = await openMailroom(t, clock);
  const alice = await room.register('alice');
  room.refuse = ({ rule }) => {
    t.fail(rule);
    return true;
  };
  const worker = room.startWorker(async () => t.fail('something was sent') as never);
  for (let look = 0; look < 5; look += 1) {
    await room.tell(alice, 'payment.received');
    clock.advance(120_000);
    await new Promise(setImmediate);
  }
  await worker.stop();
  t.is((await room.readers('events')).length, 5);
});
