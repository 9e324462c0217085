import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import test from 'ava';
import fc from 'fast-check';
import { Refusal } from '../../../server/errors.js';
import { beforeAllEvents } from '../../../server/features/events/event-id.js';
import { eventText, streamPageLength } from '../../../server/features/events/event-text.js';
import { makeOpenStreams } from '../../../server/features/events/open-streams.js';
import { makeStreamSignals } from '../../../server/features/events/stream-signals.js';
import { timedStream } from '../../../server/features/events/timed-stream.js';
import { publicId } from '../../../server/ids.js';
import { usualShares } from '../../../server/rate-figures.js';
import { toldEventsOf } from './support/room.js';

test('signals that come while nobody waits are kept as one', async (t) => {
  const signals = makeStreamSignals();
  signals.tellOfEvents();
  signals.tellOfEvents();
  await signals.next();
  let hasCome = false;
  const next = signals.next().then(() => {
    hasCome = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  t.false(hasCome);
  signals.tellOfEvents();
  await next;
  t.true(hasCome);
});

test('a heartbeat that is due is taken once', (t) => {
  const signals = makeStreamSignals();
  t.false(signals.takeHeartbeat());
  signals.tellHeartbeatIsDue();
  signals.tellHeartbeatIsDue();
  t.true(signals.takeHeartbeat());
  t.false(signals.takeHeartbeat());
});

/** What comes after each page that is read, and whether the stream is told of it or finds it at a heartbeat. */
const arrivals = fc.array(
  fc.record({ events: fc.integer({ min: 0, max: 3 * streamPageLength }), isTold: fc.boolean() }),
  { maxLength: 8 },
);

test('however events come, the text has each once, in order', async (t) => {
  await fc.assert(
    fc.asyncProperty(arrivals, async (pieces) => {
      const total = pieces.reduce((sum, { events }) => sum + events, 0);
      const all = toldEventsOf(1, 1, total);
      const upcoming = [...pieces];
      const signals = makeStreamSignals();
      let arrived = 0;

      function arrive(hasReadAll: boolean): void {
        const piece = upcoming.shift();
        arrived += piece?.events ?? 0;
        if (piece?.isTold) {
          signals.tellOfEvents();
        } else if (piece) {
          signals.tellHeartbeatIsDue();
        } else if (hasReadAll) {
          signals.end();
        }
      }

      async function readSince(id: number) {
        const rest = all.slice(0, arrived).filter((event) => event.id > id);
        const page = rest.slice(0, streamPageLength);
        arrive(page.length === rest.length);
        return page;
      }

      let whole = '';
      for await (const chunk of eventText({
        after: beforeAllEvents,
        readSince,
        isStillAllowed: async () => true,
        signals,
      })) {
        whole += chunk;
      }
      const ids = [...whole.matchAll(/^id: (.*)\nevent: .*\ndata: .*\n$/gm)].map(([, id]) => id);
      t.deepEqual(
        ids,
        all.map(({ id }) => publicId('evt', id)),
      );
    }),
    { numRuns: 200 },
  );
});

test('a stream asks for the next chunk when the one before was taken', async (t) => {
  let given = 0;
  async function* chunks(): AsyncGenerator<string, void, void> {
    while (given < 10) {
      given += 1;
      yield 'x'.repeat(100_000);
    }
  }
  let closed = 0;
  const onClose = () => {
    closed += 1;
  };
  const stream = timedStream(chunks(), { patienceMs: 60_000, onClose });
  const taken: (() => void)[] = [];
  const reader = new Writable({ write: (_chunk, _encoding, done) => void taken.push(done) });
  const done = pipeline(stream, reader);
  for (let turn = 1; turn <= 10; turn += 1) {
    while (taken.length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    t.true(given <= turn + 2, `${given} chunks were made when ${turn} had been taken`);
    taken.shift()?.();
  }
  await done;
  t.is(closed, 1);
});

test('a stream that is not read is destroyed when patience is at its end', async (t) => {
  async function* chunks(): AsyncGenerator<string, void, void> {
    yield 'one';
    yield 'two';
  }
  const closed = new Promise<void>((resolve) => {
    const stream = timedStream(chunks(), { patienceMs: 20, onClose: resolve });
    stream.read(0);
  });
  await t.notThrowsAsync(closed);
});

test('a stream whose chunks fail fails with what they failed with', async (t) => {
  // biome-ignore lint/correctness/useYield: it fails before it can give anything.
  async function* chunks(): AsyncGenerator<string, void, void> {
    throw new Error('the disk is gone');
  }
  const stream = timedStream(chunks(), { patienceMs: 60_000, onClose: () => {} });
  const sink = new Writable({ write: (_chunk, _encoding, done) => done() });
  await t.throwsAsync(pipeline(stream, sink), { message: 'the disk is gone' });
});

const address = '192.0.2.1';

/** Two of three users come from one network. */
const networkOf = (user: number) => `192.0.2.${user % 2}`;

test('streams are counted in and out, whatever the order', (t) => {
  const limits = { streams: { ofOne: 3, inAll: 5 }, streamsOfNetwork: { ofOne: 4, inAll: 5 } };
  const act = fc.record({ user: fc.integer({ min: 0, max: 2 }), isLeaving: fc.boolean(), which: fc.nat(9) });
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      const streams = makeOpenStreams(limits);
      const open: { user: number; leave: () => void }[] = [];
      for (const { user, isLeaving, which } of acts) {
        if (isLeaving) {
          const [gone] = open.splice(which % Math.max(1, open.length), 1);
          gone?.leave();
          gone?.leave();
          continue;
        }
        const ofUser = open.filter((one) => one.user === user).length;
        const ofNetwork = open.filter((one) => networkOf(one.user) === networkOf(user)).length;
        // Where both are so, either may be said.
        const reasons = [
          ...(ofUser >= 3 || ofNetwork >= 4 ? ['RATE_LIMITED'] : []),
          ...(open.length >= 5 ? ['OVERLOADED'] : []),
        ];
        try {
          const leave = streams.admit({ userId: user, address: networkOf(user) }, () => {});
          open.push({ user, leave });
          t.deepEqual(reasons, []);
        } catch (error) {
          t.true(error instanceof Refusal && reasons.includes(error.code), String(error));
        }
      }
    }),
  );
});

test('when all streams are to end each is told, and may leave while it is', (t) => {
  const streams = makeOpenStreams(usualShares);
  const told: number[] = [];
  for (const name of [1, 1, 2]) {
    const leave = streams.admit({ userId: name, address }, () => {
      told.push(name);
      leave();
    });
  }
  streams.endAll();
  t.deepEqual(told, [1, 1, 2]);
  t.throws(() => streams.admit({ userId: 1, address }, () => {}), { instanceOf: Refusal });
});
