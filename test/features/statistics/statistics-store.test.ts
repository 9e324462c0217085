import test from 'ava';
import { countWaiting } from '../../../server/features/statistics/statistics-store.js';
import { makeDatabaseFile, openWriterOf } from '../../db/support/database.js';
import { request, writeStory } from '../../db/support/rows.js';

test('requests that wait are counted to just beyond ten thousand', async (t) => {
  const writer = openWriterOf(t, await makeDatabaseFile(t));
  await writeStory(writer);
  t.is(await countWaiting(writer), 1);
  const more = Array.from({ length: 10_100 }, (_, index) => ({
    ...request,
    id: index + 2,
    collection_id: null,
  }));
  await writer.batchInsert('requests', more, 500);
  t.is(await countWaiting(writer), 10_001);
});
