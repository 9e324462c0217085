import test from 'ava';
import { recordsAfter } from '../../../../cli/admin/audit/records-after.js';
import type { AuditRecordJson } from '../../../../server/features/audit/wire.js';

/** A trail of records with the ids aud_01 to aud_09, in pages of two, newest first. */
const trail = Array.from({ length: 9 }, (_, index) => ({ id: `aud_0${9 - index}` }) as AuditRecordJson);
const size = 2;

async function idsAfter(last: string, most: number) {
  let pages = 0;
  const fetchPage = async (cursor: string | undefined) => {
    pages += 1;
    const from = Number(cursor ?? 0);
    const nextCursor = from + size < trail.length ? String(from + size) : null;
    return { data: trail.slice(from, from + size), nextCursor };
  };
  const records = await recordsAfter(fetchPage, last, most);
  return { ids: records.map(({ id }) => id), pages };
}

test('what has come is given oldest first, and no page is asked for beyond it', async (t) => {
  t.deepEqual(await idsAfter('aud_09', 100), { ids: [], pages: 1 });
  t.deepEqual(await idsAfter('aud_06', 100), { ids: ['aud_07', 'aud_08', 'aud_09'], pages: 2 });
  t.deepEqual((await idsAfter('', 100)).ids, trail.map(({ id }) => id).toReversed());
});

test('of more than are held at once the oldest are given, and the others follow them', async (t) => {
  const first = await idsAfter('aud_01', 3);
  t.deepEqual(first.ids, ['aud_02', 'aud_03', 'aud_04']);
  t.deepEqual((await idsAfter('aud_04', 3)).ids, ['aud_05', 'aud_06', 'aud_07']);
  t.deepEqual((await idsAfter('aud_07', 3)).ids, ['aud_08', 'aud_09']);
});
