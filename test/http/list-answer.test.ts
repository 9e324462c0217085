import type { Readable } from 'node:stream';
import test from 'ava';
import { makeCursors } from '../../server/http/answer/cursor.js';
import { type List, listAnswer } from '../../server/http/answer/list-answer.js';

const rows = Array.from({ length: 250 }, (_, index) => ({ id: String(index) }));

function makeList() {
  let cut = () => {};
  let isOpen = true;
  const list: List<{ readonly id: string }> = {
    name: 'numbers',
    lists: {
      cursors: makeCursors('secret'),
      inTurn: (_, read) => read(),
      beginExport(_, breakOff) {
        cut = breakOff;
        return {
          inTurn: (read) => read(),
          close: () => {
            isOpen = false;
          },
        };
      },
    },
    open: async () => ({
      readPage: async ({ after, limit }) => {
        const from = after === undefined ? 0 : Number(after) + 1;
        return rows.slice(from, from + limit);
      },
      count: async () => rows.length,
    }),
    idOf: ({ id }) => id,
    jsonOf: (row) => row,
    csv: { columns: ['id'], cellsOf: ({ id }) => ({ id }) },
  };
  return { list, cut: () => cut(), isOpen: () => isOpen };
}

const asked = {
  viewer: { userId: 1 } as never,
  address: '192.0.2.1',
  mediaType: 'application/x-ndjson',
  query: { limit: 50 },
};

async function contentOf(list: ReturnType<typeof makeList>['list']): Promise<Readable> {
  const answer = await listAnswer(list, asked);
  return (answer as { readonly content: Readable }).content;
}

test('a list that is given whole holds its place until its end', async (t) => {
  const { list, isOpen } = makeList();
  const content = await contentOf(list);
  t.true(isOpen());
  const text = (await content.toArray()).join('');
  t.is(text.split('\n').length, rows.length + 1);
  t.false(isOpen());
});

test('a list whose place goes to another is broken off, and is not taken for whole', async (t) => {
  const { list, cut, isOpen } = makeList();
  const content = await contentOf(list);
  content.read();
  cut();
  await t.throwsAsync(content.toArray(), { code: 'ERR_STREAM_PREMATURE_CLOSE' });
  t.true(content.destroyed);
  t.false(content.readableEnded);
  t.false(isOpen());
});
