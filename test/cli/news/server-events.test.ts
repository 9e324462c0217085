import test from 'ava';
import fc from 'fast-check';
import { type ServerEvent, serverEvents } from '../../../cli/news/server-events.js';

async function* cut(text: string, cuts: readonly number[]): AsyncGenerator<string> {
  const places = [...new Set(cuts.map((place) => Math.min(place, text.length)))].sort((a, b) => a - b);
  let from = 0;
  for (const to of [...places, text.length]) {
    yield text.slice(from, to);
    from = to;
  }
}

async function read(text: string, cuts: readonly number[] = []): Promise<ServerEvent[]> {
  const events: ServerEvent[] = [];
  for await (const event of serverEvents(cut(text, cuts))) {
    events.push(event);
  }
  return events;
}

const inShort = ({ lastEventId, type, data }: ServerEvent) => [lastEventId, type, data];

test('an event has the id, the type and the data of its block', async (t) => {
  const [event, ...rest] = await read('id: 7\nevent: payment.received\ndata: {"a":1}\n\n');
  t.deepEqual(event, { lastEventId: '7', type: 'payment.received', data: '{"a":1}', retryMs: undefined });
  t.deepEqual(rest, []);
});

test('the examples of the standard are read as it says', async (t) => {
  const stocks = await read('data: YHOO\ndata: +2\ndata: 10\n\n');
  t.deepEqual(stocks.map(inShort), [['', 'message', 'YHOO\n+2\n10']]);
  const four = await read(
    ': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n',
  );
  // The third is not ended by an empty line, so it is none.
  t.deepEqual(four.map(inShort), [
    ['1', 'message', 'first event'],
    ['', 'message', 'second event'],
  ]);
  const two = await read('data\n\ndata\ndata\n\ndata:');
  t.deepEqual(
    two.map(({ data }) => data),
    ['', '\n'],
  );
  const same = await read('data:test\n\ndata: test\n\n');
  t.deepEqual(
    same.map(({ data }) => data),
    ['test', 'test'],
  );
});

test('an id without data is a place to resume from and no event', async (t) => {
  const blocks = await read(': connected\nretry: 3000\nid: evt_9\n\n:\n\ndata: x\n\n');
  t.deepEqual(blocks, [
    { lastEventId: 'evt_9', type: 'message', data: undefined, retryMs: 3_000 },
    { lastEventId: 'evt_9', type: 'message', data: 'x', retryMs: 3_000 },
  ]);
});

test('comments, unknown fields, ids with NUL and waits that are no numbers are passed over', async (t) => {
  const [event] = await read(': x\nfoo: bar\nid: a\nid: b\0c\nretry: 1e3\nretry: -1\ndata: y\n\n');
  t.deepEqual(event, { lastEventId: 'a', type: 'message', data: 'y', retryMs: undefined });
});

test('a byte order mark at the very beginning is not part of the first line', async (t) => {
  t.deepEqual((await read('\ufeffdata: a\n\n', [0, 1])).map(inShort), [['', 'message', 'a']]);
});

interface Block {
  readonly id: string | undefined;
  readonly type: string | undefined;
  readonly data: readonly string[];
}

const someText = fc.string({ unit: fc.constantFrom('a', ':', ' ', 'é', '😀', '{', '"'), maxLength: 8 });
const someBlock: fc.Arbitrary<Block> = fc.record({
  id: fc.option(someText, { nil: undefined }),
  type: fc.option(someText, { nil: undefined }),
  data: fc.array(someText, { minLength: 1, maxLength: 3 }),
});
const someEnd = fc.constantFrom('\n', '\r\n', '\r');

function written({ id, type, data }: Block, end: string): string {
  const lines = [
    ...(id === undefined ? [] : [`id: ${id}`]),
    ...(type === undefined ? [] : [`event: ${type}`]),
    ...data.map((line) => `data: ${line}`),
    '',
  ];
  return lines.map((line) => line + end).join('');
}

test('whatever ends the lines and wherever the pieces are cut, the same events come out', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(someBlock, someEnd), { maxLength: 5 }),
      fc.array(fc.nat(200), { maxLength: 60 }),
      async (blocks, cuts) => {
        const text = blocks.map(([block, end]) => written(block, end)).join('');
        let id = '';
        const expected = blocks.map(([block]) => {
          id = block.id ?? id;
          return [id, block.type || 'message', block.data.join('\n')];
        });
        const events = await read(text, cuts);
        t.deepEqual(events.map(inShort), expected);
      },
    ),
    { numRuns: 300 },
  );
});

test('a text that is cut after each character is read as the whole one', async (t) => {
  const text = 'id: 1\r\ndata: a\r\n\r\n\rid: 2\rdata: b\rdata\r\r\n:\n\ndata: c\n\n';
  const whole = await read(text);
  t.is(whole.length, 3);
  t.deepEqual(
    await read(
      text,
      [...text].map((_, at) => at),
    ),
    whole,
  );
});
