import assert from 'node:assert';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import test from 'ava';
import fc from 'fast-check';
import { newPerson, type Person, pay, type Sending } from '../../api/support/people.js';
import { makeDataFolder, newDataFolder } from '../../support/first-start.js';
import { patienceMs, until } from '../../support/until.js';
import type { EventReader, StreamEvent } from './support/event-reader.js';
import { type LiveServer, openLiveServer, startLiveServer } from './support/live-server.js';

let lastingServer: LiveServer | undefined;
let lastingData: string | undefined;

test.before('a server starts, for what is not of its end', async () => {
  lastingData = await newDataFolder();
  lastingServer = await openLiveServer(lastingData);
});

test.after.always('it stops', async () => {
  await lastingServer?.leave();
  await rm(lastingData ?? '', { recursive: true, force: true });
});

function lasting(): LiveServer {
  assert(lastingServer !== undefined, 'There is no server before the first test.');
  return lastingServer;
}

const howMany = <Item>(length: number, make: (index: number) => Item): Item[] =>
  Array.from({ length }, (_, index) => make(index));

/** Every event of somebody's inbox, oldest first. */
async function inboxOf({ ask }: LiveServer, { token }: Person): Promise<StreamEvent[]> {
  const events: StreamEvent[] = [];
  let cursor: string | null = null;
  do {
    const more: string = cursor === null ? '' : `&cursor=${cursor}`;
    const { json } = await ask(`/v1/notifications?limit=100${more}`, { token });
    events.push(...json.data);
    cursor = json.nextCursor;
  } while (cursor !== null);
  return events.reverse();
}

/** An amount of its own for each payment, so that none looks like another by mistake. */
const cents = (index: number) => ((index + 1) / 100).toFixed(2);

const idsOf = (events: readonly { readonly id: string }[]) => events.map(({ id }) => id);

/** Reads up to so many events, then drops the connection; fewer where it is lost before. */
async function readSome(reader: EventReader, most: number): Promise<StreamEvent[]> {
  const events: StreamEvent[] = [];
  try {
    while (events.length < most) {
      const event = await reader.nextEvent();
      if (!event) {
        break;
      }
      events.push(event);
    }
  } catch {
    // A connection that was cut is as good a way to lose it as any.
  }
  reader.close();
  return events;
}

/** Reads so many events over connections that are dropped after `takes`, over and over, each resuming where the last was lost. */
async function readDisturbed(
  connect: (lastEventId: string | undefined) => Promise<EventReader>,
  total: number,
  takes: readonly number[],
  first: EventReader,
): Promise<StreamEvent[]> {
  const events: StreamEvent[] = [];
  let reader = first;
  let lastId: string | undefined;
  const endMs = performance.now() + patienceMs;
  for (let turn = 0; events.length < total; turn += 1) {
    assert(performance.now() < endMs, `${events.length} of ${total} events came`);
    const most = takes[turn % takes.length] ?? 1;
    events.push(...(await readSome(reader, Math.min(most, total - events.length))));
    lastId = reader.lastId() ?? lastId;
    reader = await connect(lastId);
  }
  reader.close();
  return events;
}

/** Pays again and again with the same key until it is known to have happened. */
async function payInTheEnd(
  serverNow: () => Promise<LiveServer>,
  payer: Person,
  send: Sending,
): Promise<string> {
  const key = randomUUID();
  const reply = await until('an answer to a payment', async () => {
    try {
      const answer = await pay(await serverNow(), payer, send, key);
      return answer.status < 500 && answer;
    } catch {
      // The server is away; the key makes trying again safe.
      return undefined;
    }
  });
  if (reply.status !== 201) {
    throw new Error(reply.text);
  }
  return reply.json.id;
}

test('a reader whose connection is lost again and again misses nothing and gets nothing twice', async (t) => {
  const server = lasting();
  const payers = await Promise.all(howMany(5, () => newPerson(server)));
  const takes = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 12 });
  const sum = (numbers: readonly number[]) => numbers.reduce((one, other) => one + other);
  const useful = takes.filter((numbers) => sum(numbers) >= 4 * numbers.length);
  await fc.assert(
    fc.asyncProperty(useful, async (numbers) => {
      const receiver = await newPerson(server);
      const first = await server.openStream(receiver);
      await first.nextBlock();
      const connect = (lastId?: string) => server.openStream(receiver, lastId);
      const reading = readDisturbed(connect, 120, numbers, first);
      const paid = await Promise.all(
        howMany(120, (index) => {
          const payer = payers[index % payers.length] as Person;
          const send = { to: receiver.username, amount: cents(index), memo: String(index) };
          return payInTheEnd(async () => server, payer, send);
        }),
      );
      const events = await reading;
      t.deepEqual(idsOf(events), idsOf(await inboxOf(server, receiver)));
      t.deepEqual(events.map(({ data }) => data.id).sort(), paid.sort());
    }),
    { numRuns: 3 },
  );
});

test('a reader that resumes after a restart of the server misses nothing and gets nothing twice', async (t) => {
  const dataDir = await makeDataFolder(t);
  const before = await startLiveServer(t, dataDir);
  const [payer, receiver] = [await newPerson(before), await newPerson(before)];
  const stream = await before.openStream(receiver);
  await stream.nextBlock();
  let now = Promise.resolve(before);
  const paying = Promise.all(
    howMany(200, async (index) => {
      await new Promise((resolve) => setTimeout(resolve, index * 3));
      return payInTheEnd(() => now, payer, { to: receiver.username, amount: cents(index) });
    }),
  );
  const early = await readSome(stream, 50);
  now = before.stop().then(() => startLiveServer(t, dataDir));
  const after = await now;
  const late = await readSome(await after.openStream(receiver, stream.lastId()), 150);
  const paid = await paying;
  t.is(early.length, 50);
  t.deepEqual(idsOf([...early, ...late]), idsOf(await inboxOf(after, receiver)));
  t.deepEqual([...early, ...late].map(({ data }) => data.id).sort(), [...paid].sort());
});

test('many streams leave the database to those who ask it something', async (t) => {
  const server = lasting();
  const people = await Promise.all(howMany(4, () => newPerson(server)));
  const streams = await Promise.all(
    howMany(60, (index) => server.openStream(people[index % people.length] as Person)),
  );
  t.deepEqual([...new Set(streams.map(({ status }) => status))], [200]);
  for (const person of people) {
    t.is((await server.ask('/v1/me', { token: person.token })).status, 200);
  }
  const [alice, bob] = people as [Person, Person];
  await pay(server, alice, { to: bob.username, amount: '1.00', memo: 'one' });
  const bobs = streams.filter((_, index) => index % people.length === 1);
  const events = await Promise.all(bobs.map((stream) => stream.nextEvent()));
  t.deepEqual([...new Set(events.map((event) => event?.data.memo))], ['one']);
});

test('a stream ends when its token is revoked, its session logs out or its password changes', async (t) => {
  const server = lasting();
  const person = await newPerson(server);
  const { token } = person;
  const logIn = async () => {
    const send = { username: person.username, password: person.password };
    return (await server.ask('/v1/sessions', { send })).json as { token: string };
  };
  const script = (await server.ask('/v1/tokens', { token, send: { name: 'watcher', scopes: ['read'] } }))
    .json;
  const [second, third] = [await logIn(), await logIn()];
  const streams = await Promise.all([person, script, second, third].map((one) => server.openStream(one)));
  const [own, scripts, seconds, thirds] = streams as [EventReader, EventReader, EventReader, EventReader];
  await server.ask(`/v1/tokens/${script.id}`, { token, method: 'DELETE' });
  t.is(await scripts.nextEvent(), undefined);
  await server.ask('/v1/sessions/current', { token: second.token, method: 'DELETE' });
  t.is(await seconds.nextEvent(), undefined);
  const send = { currentPassword: person.password, newPassword: 'quiet-harbour-17-lantern' };
  t.is((await server.ask('/v1/me/password', { token, send })).status, 204);
  t.is(await thirds.nextEvent(), undefined);
  t.is((await server.openStream(script)).status, 401);
  t.is((await own.nextEvent())?.type, 'password.changed');
  const payer = await newPerson(server);
  await pay(server, payer, { to: person.username, amount: '1.00', memo: 'still here' });
  t.is((await own.nextEvent())?.data.memo, 'still here');
});

test('a server that is asked to end ends its streams at once, each with a clean end', async (t) => {
  const server = await startLiveServer(t, await makeDataFolder(t));
  const people = await Promise.all(howMany(4, () => newPerson(server)));
  const streams = await Promise.all(
    howMany(40, (index) => server.openStream(people[index % people.length] as Person)),
  );
  const startedAtMs = performance.now();
  const status = server.stop();
  t.deepEqual(
    await Promise.all(streams.map((stream) => stream.nextEvent())),
    streams.map(() => undefined),
  );
  t.is(await status, 0);
  t.true(performance.now() - startedAtMs < 10_000);
});
