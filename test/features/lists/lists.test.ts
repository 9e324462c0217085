import test from 'ava';
import { openPatientReaders } from '../../../db/connect.js';
import { makeLists } from '../../../server/features/lists/lists.js';
import { makeCursors } from '../../../server/http/answer/cursor.js';
import { usualShares } from '../../../server/rate-figures.js';
import { makeDatabaseFile } from '../../ledger/support/real-books.js';

const endless =
  'with recursive numbers (n) as (select 1 union all select n + 1 from numbers) select max(n) from numbers';

test('a list that takes too long is broken off with how to ask for less, and others are given theirs', async (t) => {
  const readers = openPatientReaders(await makeDatabaseFile(t), 1, 200);
  t.teardown(() => readers.destroy());
  const lists = makeLists({ readers, cursors: makeCursors('secret'), shares: usualShares });
  const refused = await t.throwsAsync(lists.inTurn(1, async () => readers.raw(endless)));
  t.like(refused, { code: 'OVERLOADED', status: 503, details: { retryAfterSeconds: 5 } });
  t.regex(refused?.message ?? '', /^After 0\.2 s .* narrow it with since and until/);
  const [row] = await lists.inTurn(2, async () => readers.raw('select 1 as one'));
  t.deepEqual(row, { one: 1 });
});
