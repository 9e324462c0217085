import test from 'ava';
import fc from 'fast-check';
import type { SessionRow } from '../../../db/tables/credentials.js';
import type { EventRow, InboxRow } from '../../../db/tables/events.js';
import { timeText } from '../../../server/clock.js';
import { readNotifications } from '../../../server/features/events/read-notifications.js';
import { openSession } from '../../../server/features/sessions/open-session.js';
import { alice, aliceAccount, bob, bobAccount } from '../../db/support/rows.js';
import { usualLifetimes } from '../../support/usual-lifetimes.js';
import { decide, type Tables } from './support/decide.js';
import { eventNumber, eventsOf } from './support/room.js';

const aliceReads = (number: number) => ({ input: { userId: alice.id, upTo: eventNumber(number) }, now: 1 });
const inboxesOf = (tables: Tables) => (tables.inboxes ?? []) as readonly InboxRow[];

test('reading marks everything up to an event, and the mark never moves back', (t) => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (numbers) => {
      let tables: Tables = { events: eventsOf(alice.id, 1, 9) };
      for (const [index, number] of numbers.entries()) {
        const decided = decide(readNotifications, tables, aliceReads(number));
        t.is(decided.outcome, 204);
        tables = decided.tables;
        const furthest = Math.max(...numbers.slice(0, index + 1));
        t.deepEqual(inboxesOf(tables), [{ user_id: alice.id, read_up_to: eventNumber(furthest) }]);
      }
    }),
  );
});

test('marking what is read already writes nothing', (t) => {
  const { tables } = decide(readNotifications, { events: eventsOf(alice.id, 1, 9) }, aliceReads(5));
  t.deepEqual(decide(readNotifications, tables, aliceReads(5)).changes, []);
  t.deepEqual(decide(readNotifications, tables, aliceReads(4)).changes, []);
});

test("an event that is somebody else's or nobody's marks nothing", (t) => {
  const tables = { events: [...eventsOf(alice.id, 1, 1), ...eventsOf(bob.id, 2, 1)] };
  for (const number of [2, 3]) {
    const decided = decide(readNotifications, tables, aliceReads(number));
    t.is(decided.outcome, 'NOT_FOUND');
    t.deepEqual(decided.changes, []);
  }
});

const books: Tables = { users: [alice, bob], accounts: [aliceAccount, bobAccount] };
const signIns = fc.array(
  fc.record({ user: fc.constantFrom(alice, bob), address: fc.constantFrom('10.0.0.1', '10.0.0.2', '::1') }),
  { maxLength: 30 },
);

test('a user is told of each sign-in from an address that none of their earlier ones came from, but the first', (t) => {
  fc.assert(
    fc.property(signIns, (acts) => {
      const seen = new Map<number, Set<string>>();
      let tables = books;
      for (const [index, { user, address }] of acts.entries()) {
        const now = 1_000_000 + index;
        const input = {
          ...{ userId: user.id, tokenHash: `hash ${index}`, passwordHash: user.password_hash },
          lifetimes: usualLifetimes,
          guesses: [],
        };
        const decided = decide(openSession, tables, { input, address, now });
        t.is(decided.outcome, 201);
        const places = seen.get(user.id) ?? new Set();
        const isNew = places.size > 0 && !places.has(address);
        const told = decided.changes.flatMap((change) => (change.table === 'events' ? change.inserted : []));
        t.deepEqual(
          (told as readonly EventRow[]).map(({ user_id, type, data }) => [
            user_id,
            type,
            JSON.parse(data ?? ''),
          ]),
          isNew ? [[user.id, 'session.opened', { address, at: timeText(now) }]] : [],
        );
        seen.set(user.id, places.add(address));
        tables = decided.tables;
      }
      const sessions = (tables.sessions ?? []) as readonly SessionRow[];
      t.deepEqual(
        sessions.map(({ address }) => address),
        acts.map(({ address }) => address),
      );
    }),
  );
});

test('judging a sign-in reads no more sessions than may be live, however many there were', (t) => {
  const addresses = Array.from({ length: 50 }, (_, index) => `10.0.0.${index}`);
  let tables = books;
  for (const [index, address] of [...addresses, ...addresses, ...addresses].entries()) {
    const input = {
      ...{ userId: alice.id, tokenHash: `hash ${index}`, passwordHash: alice.password_hash },
      lifetimes: usualLifetimes,
      guesses: [],
    };
    const decided = decide(openSession, tables, { input, address, now: 1_000_000 + index });
    t.true(Number(decided.rowsRead.sessions) <= 102);
    tables = decided.tables;
  }
  t.is(tables.sessions?.length, 150);
  t.is(tables.events?.length, 49);
});
