import test from 'ava';
import { openPatientReaders } from '../../../db/connect.js';
import { makeLists } from '../../../server/features/lists/lists.js';
import { makeCursors } from '../../../server/http/answer/cursor.js';
import type { ListReader } from '../../../server/http/answer/list-turns.js';
import { usualShares } from '../../../server/rate-figures.js';
import { makeDatabaseFile } from '../../ledger/support/real-books.js';

const [alice, bob] = [1, 2].map((userId) => ({ userId, address: `192.0.2.${userId}` })) as [
  ListReader,
  ListReader,
];

const endless =
  'with recursive numbers (n) as (select 1 union all select n + 1 from numbers) select max(n) from numbers';

test('a list that takes too long is broken off with how to ask for less, and others are given theirs', async (t) => {
  const readers = openPatientReaders(await makeDatabaseFile(t), 1, 200);
  t.teardown(() => readers.destroy());
  const lists = makeLists({ readers, cursors: makeCursors('secret'), shares: usualShares });
  const refused = await t.throwsAsync(lists.inTurn(alice, async () => readers.raw(endless)));
  t.like(refused, { code: 'OVERLOADED', status: 503, details: { retryAfterSeconds: 5 } });
  t.regex(refused?.message ?? '', /^After 0\.2 s .* narrow it with since and until/);
  const [row] = await lists.inTurn(bob, async () => readers.raw('select 1 as one'));
  t.deepEqual(row, { one: 1 });
});

test('users of one network have half of the lists that wait and of the exports; who comes from elsewhere is served', async (t) => {
  const readers = openPatientReaders(await makeDatabaseFile(t), 1, 60_000);
  t.teardown(() => readers.destroy());
  const lists = makeLists({
    readers,
    cursors: makeCursors('secret'),
    shares: {
      lists: { ofOne: 1, inAll: 1 },
      listsWaiting: { ofOne: 1, inAll: 4 },
      exports: { ofOne: 1, inAll: 4 },
    },
  });
  const crowd = [1, 2, 3, 4].map((userId) => ({ userId, address: `2001:db8::${userId}` })) as [
    ListReader,
    ListReader,
    ListReader,
    ListReader,
  ];
  const stranger = { userId: 5, address: '192.0.2.5' };
  let finish = () => {};
  const slow = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const [one, two, three, four] = crowd;
  const letIn = [one, two, three, stranger].map((reader) => lists.inTurn(reader, () => slow));
  t.like(await t.throwsAsync(lists.inTurn(four, () => slow)), { code: 'RATE_LIMITED' });
  finish();
  await t.notThrowsAsync(Promise.all(letIn));
  const exports = [lists.beginExport(one, () => {}), lists.beginExport(two, () => {})];
  t.like(
    t.throws(() => lists.beginExport(three, () => {})),
    { code: 'RATE_LIMITED' },
  );
  lists.beginExport(stranger, () => {}).close();
  exports[0]?.close();
  t.notThrows(() => lists.beginExport(three, () => {}));
});
