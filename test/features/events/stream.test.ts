import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import test, { type ExecutionContext } from 'ava';
import { drain } from '../../../server/http/serve/drain.js';
import { publicId } from '../../../server/ids.js';
import { ruleNamed } from '../../ledger/support/rule-named.js';
import { inTime, until } from '../../support/until.js';
import type { EventReader } from './support/event-reader.js';
import { eventId, eventsOf, openRoom, type Room } from './support/room.js';

const beginning = publicId('evt', 0);

/** The numbers of the next events. */
async function take(reader: EventReader, howMany: number): Promise<number[]> {
  const numbers: number[] = [];
  while (numbers.length < howMany) {
    const event = await reader.nextEvent();
    if (!event) {
      throw new Error(`The stream ended after ${numbers}.`);
    }
    numbers.push(event.data.number);
  }
  return numbers;
}

const upTo = (length: number, from = 1) => Array.from({ length }, (_, index) => from + index);

/** Waits for the place of a stream that has gone, which is free when its connection is closed. */
async function openWhenThereIsRoom(room: Room, token: string): Promise<EventReader> {
  return until('room for a stream', async () => {
    const reader = await room.open(token);
    if (reader.status === 200) {
      return reader;
    }
    await reader.problem();
    return undefined;
  });
}

test('a stream says at once that it is connected, how long to wait before the next try, and where it begins', async (t) => {
  const room = await openRoom(t);
  const { id, token } = await room.newGuest();
  const empty = await room.open(token);
  t.is(empty.status, 200);
  t.is(empty.headers['content-type'], 'text/event-stream');
  t.is(empty.headers['cache-control'], 'no-store');
  t.is(empty.headers['x-accel-buffering'], 'no');
  t.deepEqual(await empty.nextBlock(), { comments: ['connected'], retry: '3000', id: beginning });
  await room.write(eventsOf(id, 1, 3));
  const reader = await room.open(token);
  t.deepEqual(await reader.nextBlock(), { comments: ['connected'], retry: '3000', id: eventId(3) });
});

test('a stream without Last-Event-ID gives what comes from now on', async (t) => {
  const room = await openRoom(t);
  const { id, token } = await room.newGuest();
  await room.write(eventsOf(id, 1, 3));
  const reader = await room.open(token);
  await room.write(eventsOf(id, 4, 2));
  const event = await reader.nextEvent();
  t.deepEqual(event, {
    id: eventId(4),
    type: 'payment.received',
    at: '1970-01-01T00:00:00.000004Z',
    data: { number: 4 },
  });
  t.deepEqual(await take(reader, 1), [5]);
});

test('a stream gives everything after Last-Event-ID, in order, page after page, and then what comes', async (t) => {
  const room = await openRoom(t);
  const { id, token } = await room.newGuest();
  await room.write(eventsOf(id, 1, 220));
  const resumed = await room.open(token, eventId(7));
  t.deepEqual(await take(resumed, 213), upTo(213, 8));
  const fromTheBeginning = await room.open(token, beginning);
  t.deepEqual(await take(fromTheBeginning, 220), upTo(220));
  await room.write(eventsOf(id, 221, 1));
  t.deepEqual(await take(resumed, 1), [221]);
  t.deepEqual(await take(fromTheBeginning, 1), [221]);
});

test('whoever loses the connection before the first event resumes from where they began', async (t) => {
  const room = await openRoom(t);
  const { id, token } = await room.newGuest();
  const first = await room.open(token);
  await first.nextBlock();
  first.close();
  await room.write(eventsOf(id, 1, 2));
  const second = await room.open(token, first.lastId());
  t.deepEqual(await take(second, 2), [1, 2]);
});

test("a Last-Event-ID that is malformed, unknown or somebody else's is refused, unless it is older than all of one's own", async (t) => {
  const room = await openRoom(t);
  const [alice, bob] = [await room.newGuest(), await room.newGuest()];
  await room.write([...eventsOf(alice.id, 10, 1), ...eventsOf(alice.id, 20, 1)]);
  await room.write([...eventsOf(bob.id, 5, 1), ...eventsOf(bob.id, 15, 1)]);
  const malformed = ['x', '15', eventId(10).toLowerCase(), `${eventId(10)}, ${eventId(20)}`];
  for (const lastEventId of [...malformed, eventId(15), eventId(19), eventId(99)]) {
    const reader = await room.open(alice.token, lastEventId);
    t.is(reader.status, 400, lastEventId);
    const { code, errors } = await reader.problem();
    t.is(code, 'INVALID_CURSOR');
    t.is(errors[0].field, 'Last-Event-ID');
  }
  for (const lastEventId of [eventId(5), eventId(9), beginning]) {
    t.deepEqual(await take(await room.open(alice.token, lastEventId), 2), [10, 20]);
  }
  t.deepEqual(await take(await room.open(alice.token, eventId(10)), 1), [20]);
});

test('whoever was told nothing yet may come with any id, and misses nothing', async (t) => {
  const room = await openRoom(t);
  const { id, token } = await room.newGuest();
  const reader = await room.open(token, eventId(99));
  t.is((await reader.nextBlock())?.id, beginning);
  await room.write(eventsOf(id, 1, 1));
  t.deepEqual(await take(reader, 1), [1]);
});

test("nobody is given somebody else's events", async (t) => {
  const room = await openRoom(t);
  const [alice, bob] = [await room.newGuest(), await room.newGuest()];
  const reader = await room.open(alice.token, beginning);
  const mixed = upTo(60).map((number) => ({
    ...eventsOf(number % 3 === 0 ? alice.id : bob.id, number, 1)[0],
  }));
  await room.write(mixed as ReturnType<typeof eventsOf>);
  t.deepEqual(
    await take(reader, 20),
    upTo(20).map((number) => number * 3),
  );
});

test('a stream that is opened while events come misses none after the id that it says it begins after', async (t) => {
  const room = await openRoom(t);
  const { id, token } = await room.newGuest();
  const total = 120;
  const writing = (async () => {
    for (const number of upTo(total)) {
      await room.write(eventsOf(id, number, 1));
    }
  })();
  const readers: EventReader[] = [];
  while (readers.length < 20) {
    readers.push(await room.open(token));
  }
  await writing;
  for (const reader of readers) {
    const { id: start = '' } = (await reader.nextBlock()) ?? {};
    const began = start === beginning ? 0 : Number(start.slice(-6));
    t.deepEqual(await take(reader, total - began), upTo(total - began, began + 1));
  }
});

test('two streams of one user both get everything', async (t) => {
  const room = await openRoom(t);
  const { id, token } = await room.newGuest();
  const [one, other] = [await room.open(token), await room.open(token)];
  await room.write(eventsOf(id, 1, 5));
  t.deepEqual(await take(one, 5), upTo(5));
  t.deepEqual(await take(other, 5), upTo(5));
});

test('where anything may have changed, a stream looks at its credential before it tells more', async (t) => {
  const room = await openRoom(t);
  const [alice, bob] = [await room.newGuest(), await room.newGuest()];
  const readers = [await room.open(alice.token), await room.open(bob.token)] as const;
  for (const reader of readers) {
    await reader.nextBlock();
  }
  // As another server does whose word was not heard here.
  await room.write([...eventsOf(alice.id, 1, 1), ...eventsOf(bob.id, 2, 1)], true);
  await room.endSilently(alice.sessionId);
  room.hub.publish({ userIds: [], endedCredentialIds: [], changedUserIds: [], isAnything: true });
  t.is(await readers[0].nextEvent(), undefined);
  t.deepEqual(await take(readers[1], 1), [2]);
});

test('a stream lives on heartbeats beyond the time that a request may take', async (t) => {
  const room = await openRoom(t, {
    timing: { heartbeatMs: 100 },
    httpLimits: { requestMs: 200, headersMs: 200, keepAliveMs: 200, checkMs: 50 },
  });
  const { id, token } = await room.newGuest();
  const reader = await room.open(token);
  await reader.nextBlock();
  for (const _ of upTo(10)) {
    t.deepEqual(await reader.nextBlock(), { comments: [''] });
  }
  await room.write(eventsOf(id, 1, 1));
  t.deepEqual(await take(reader, 1), [1]);
});

test('events that nobody told of come with the next heartbeat', async (t) => {
  const room = await openRoom(t, { timing: { heartbeatMs: 50 } });
  const { id, token } = await room.newGuest();
  const reader = await room.open(token);
  await room.write(eventsOf(id, 1, 2), true);
  t.deepEqual(await take(reader, 2), [1, 2]);
});

test('a stream ends with its session, and no other does', async (t) => {
  const room = await openRoom(t);
  const guest = await room.newGuest();
  const other = await room.logIn(guest, '127.0.0.1');
  const [ending, staying] = [await room.open(guest.token), await room.open(other)];
  const caller = { userId: guest.id, isPerson: true, address: '127.0.0.1', requestId: 'test' };
  const input = { userId: guest.id, sessionId: guest.sessionId };
  t.is((await room.ledger.decide({ rule: ruleNamed('end-session'), input, caller })).status, 204);
  t.is(await ending.nextEvent(), undefined);
  t.is((await room.open(guest.token)).status, 401);
  await room.write(eventsOf(guest.id, 1, 1));
  t.deepEqual(await take(staying, 1), [1]);
});

test('a stream ends at a heartbeat when its session has expired', async (t) => {
  let offset = 0;
  const room = await openRoom(t, { timing: { heartbeatMs: 50 }, clockOffset: () => offset });
  const { token } = await room.newGuest();
  const reader = await room.open(token);
  await reader.nextBlock();
  t.deepEqual(await reader.nextBlock(), { comments: [''] });
  offset = 31 * 24 * 3600 * 1_000_000;
  t.is(await reader.nextEvent(), undefined);
});

test('a session that expires between its check and the stream gets none', async (t) => {
  const room = await openRoom(t, { clockOffset: () => 31 * 24 * 3600 * 1_000_000 });
  const { token } = await room.newGuest();
  const reader = await room.open(token);
  t.is(reader.status, 401);
  t.is((await reader.problem()).code, 'UNAUTHENTICATED');
});

test('a user has so many streams and no more, and a stream that is gone makes room', async (t) => {
  const room = await openRoom(t, { streams: { ofUser: 3, inAll: 100 } });
  const [alice, bob] = [await room.newGuest(), await room.newGuest()];
  const readers = await Promise.all(upTo(3).map(() => room.open(alice.token)));
  const refused = await room.open(alice.token);
  t.is(refused.status, 429);
  t.is(refused.headers['retry-after'], '15');
  t.is((await refused.problem()).code, 'RATE_LIMITED');
  t.is((await room.open(bob.token)).status, 200);
  readers[0]?.close();
  await openWhenThereIsRoom(room, alice.token);
  t.is((await room.open(alice.token)).status, 429);
});

test('the server has so many streams and no more', async (t) => {
  const room = await openRoom(t, { streams: { ofUser: 3, inAll: 4 } });
  const [alice, bob] = [await room.newGuest(), await room.newGuest()];
  const readers = await Promise.all([alice, alice, alice, bob].map(({ token }) => room.open(token)));
  const refused = await room.open(bob.token);
  t.is(refused.status, 503);
  t.is((await refused.problem()).code, 'OVERLOADED');
  readers[0]?.close();
  await openWhenThereIsRoom(room, bob.token);
});

test('what was refused, asked for by HEAD or left at once holds no place', async (t) => {
  const room = await openRoom(t, { streams: { ofUser: 2, inAll: 100 } });
  const { token } = await room.newGuest();
  for (const _ of upTo(3)) {
    t.is((await room.open(token, 'x')).status, 400);
  }
  const socket = await dial(t, room.port);
  for (const _ of upTo(3)) {
    socket.write(`HEAD /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    const [answer] = await once(socket, 'data');
    t.regex(String(answer), /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\n$/s);
  }
  for (const _ of upTo(10)) {
    const hasty = await dial(t, room.port);
    hasty.write(requestOf(token));
    hasty.destroy();
  }
  await Promise.all([openWhenThereIsRoom(room, token), openWhenThereIsRoom(room, token)]);
  t.is((await room.open(token)).status, 429);
});

async function dial(t: ExecutionContext<unknown>, port: number): Promise<TLSSocket> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  t.teardown(() => socket.destroy());
  await once(socket, 'secureConnect');
  return socket;
}

const requestOf = (token: string, lastEventId = '') =>
  `GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nLast-Event-ID: ${lastEventId}\r\n\r\n`;

/** Resolves when the server's end of a connection is gone. */
async function whenDropped({ server }: Room, { localPort }: TLSSocket): Promise<void> {
  const [socket] = [...server.traffic.connections].filter(({ remotePort }) => remotePort === localPort);
  if (socket) {
    await inTime('the end of the connection', once(socket, 'close'));
  }
}

/** How many queries for events are made from here on. */
function countEventQueries({ readers }: Room): () => number {
  let queries = 0;
  readers.on('query', ({ sql }: { sql: string }) => {
    queries += /from [`"]events[`"]/.test(sql) ? 1 : 0;
  });
  return () => queries;
}

const pages = 250;
/** More than what two sockets and all between them hold. */
const muchData = { memo: 'm'.repeat(3_000) };

async function manyEvents(room: Room, userId: number): Promise<void> {
  for (const page of upTo(pages)) {
    await room.write(eventsOf(userId, page * 50, 50, muchData));
  }
}

test('a reader who does not read is dropped, having cost a bounded amount, while others go on', async (t) => {
  const room = await openRoom(t, { timing: { patienceMs: 1_500 } });
  const { id, token } = await room.newGuest();
  await manyEvents(room, id);
  const healthy = await room.open(token);
  const queries = countEventQueries(room);
  const stalled = await dial(t, room.port);
  stalled.write(requestOf(token, beginning));
  await whenDropped(room, stalled);
  t.true(queries() < pages * 0.9, `${queries()} of ${pages} pages were read for somebody who took none`);
  await room.write(eventsOf(id, 1_000_000, 1));
  t.deepEqual(await take(healthy, 1), [1_000_000]);
});

test('a reader who reads slowly but steadily is not dropped', async (t) => {
  const room = await openRoom(t, { timing: { patienceMs: 3_000 } });
  const { id, token } = await room.newGuest();
  await manyEvents(room, id);
  const slow = await room.open(token, beginning);
  const startedAtMs = performance.now();
  const numbers: number[] = [];
  while (numbers.length < pages * 50) {
    numbers.push(...(await take(slow, 500)));
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  t.true(performance.now() - startedAtMs > 3_000);
  t.deepEqual(numbers, upTo(pages * 50, 50));
});

test('the end of the server ends the streams at once, with a clean end, and admits no more', async (t) => {
  const room = await openRoom(t);
  const [alice, bob] = [await room.newGuest(), await room.newGuest()];
  const readers = await Promise.all([alice, alice, bob].map(({ token }) => room.open(token)));
  room.streams.endAll();
  const late = await room.open(bob.token);
  t.is(late.status, 503);
  t.is((await late.problem()).code, 'OVERLOADED');
  await drain(room.server, 60_000);
  for (const reader of readers) {
    t.is(await reader.nextEvent(), undefined);
  }
});

test('the end of the server does not wait long for a reader who does not read', async (t) => {
  const room = await openRoom(t, { timing: { farewellMs: 100 } });
  const { id, token } = await room.newGuest();
  await manyEvents(room, id);
  const stalled = await dial(t, room.port);
  stalled.write(requestOf(token, beginning));
  const queries = countEventQueries(room);
  let before = -1;
  await until('a server that reads no more for who does not read', async () => {
    before = queries();
    await new Promise((resolve) => setTimeout(resolve, 200));
    return before > 0 && queries() === before;
  });
  const startedAtMs = performance.now();
  room.streams.endAll();
  await drain(room.server, 60_000);
  t.true(performance.now() - startedAtMs < 30_000);
});
