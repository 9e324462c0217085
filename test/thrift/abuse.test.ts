import test from 'ava';
import fc from 'fast-check';
import { startTimeService } from '../../thrift/service.js';
import { until } from '../support/until.js';
import { call, fieldType, i32, messageType, text } from './binary-messages.js';
import { type RawConnection, rawConnection } from './raw-connection.js';

const service = await startTimeService({ host: '127.0.0.1', port: 0 });
test.after.always(() => service.close());

async function isAnswered(connection: RawConnection): Promise<boolean> {
  connection.send(call('getCurrentTimeMicros', 77));
  const [answer] = await connection.answers(1);
  return answer?.seqid === 77 && answer.type === messageType.reply;
}

async function isNewcomerAnswered(): Promise<boolean> {
  const connection = await rawConnection(service.port);
  const answered = await isAnswered(connection);
  connection.socket.destroy();
  return answered;
}

const nested = (depth: number): Buffer =>
  Buffer.concat([
    ...Array.from({ length: depth }, () => Buffer.from([fieldType.struct, 0, 1])),
    Buffer.alloc(depth + 1),
  ]);
const head = call('getCurrentTimeMicros').subarray(0, -1);
const listOf = (size: number, elements: Buffer) =>
  Buffer.concat([
    head,
    Buffer.from([fieldType.list, 0, 1, fieldType.i32]),
    i32(size),
    elements,
    Buffer.alloc(1),
  ]);

const cutAtOnce: Record<string, Buffer> = {
  'an HTTP request': Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'),
  'a TLS greeting': Buffer.from('16030100f8010000f40303', 'hex'),
  'bytes that are all ones': Buffer.alloc(64, 255),
  'a foreign version': Buffer.from('80020001', 'hex'),
  'a name of two gigabytes': Buffer.concat([Buffer.from('80010001', 'hex'), i32(2_147_483_647)]),
  'a name of negative length': Buffer.concat([Buffer.from('80010001', 'hex'), i32(-5)]),
  'structs within structs beyond measure': Buffer.concat([head, nested(1_000)]),
  'a list of two thousand million': listOf(2_147_483_647, Buffer.alloc(0)),
  'a list of negative size': listOf(-1, Buffer.alloc(0)),
  'a list of thousands': listOf(10_000, Buffer.alloc(40_000)),
  'thousands of fields': Buffer.concat([head, Buffer.alloc(15_000, Buffer.from([3, 0, 1])), Buffer.alloc(1)]),
  'a field of no type': Buffer.concat([head, Buffer.from([99, 0, 1])]),
  'a message of one byte more than 64 KiB': call('getCurrentTimeMicros', 1, [
    { id: 1, type: fieldType.string, value: text('x'.repeat(65_536 - 33 - 7 + 1)) },
  ]),
};

for (const [what, bytes] of Object.entries(cutAtOnce)) {
  test(`${what} is cut off at once`, async (t) => {
    const connection = await rawConnection(service.port);
    connection.send(bytes);
    t.true((await connection.cut) < 2_000);
    t.true(await isNewcomerAnswered());
  });
}

test('a message of 64 KiB to the byte is answered', async (t) => {
  const connection = await rawConnection(service.port);
  const value = text('x'.repeat(65_536 - 33 - 7));
  const bytes = call('getCurrentTimeMicros', 5, [{ id: 1, type: fieldType.string, value }]);
  t.is(bytes.length, 65_536);
  connection.send(Buffer.concat([call('getCurrentTimeMicros', 4), bytes, call('getCurrentTimeMicros', 6)]));
  t.deepEqual(
    (await connection.answers(3)).map(({ seqid }) => seqid),
    [4, 5, 6],
  );
  connection.socket.destroy();
});

test('no bytes whatever disturb those who come after', async (t) => {
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.concat([head, bytes])),
  );
  const harmless = fc.asyncProperty(anything, async (bytes) => {
    const connection = await rawConnection(service.port);
    connection.socket.end(bytes);
    connection.socket.resume();
    await connection.cut;
    return isNewcomerAnswered();
  });
  await t.notThrowsAsync(fc.assert(harmless, { numRuns: 300 }));
});

test('half a message is waited for some seconds and no longer, also when it trickles', async (t) => {
  const silent = await rawConnection(service.port);
  silent.send(call('getCurrentTimeMicros').subarray(0, 10));
  const trickling = await rawConnection(service.port);
  const bytes = call('getCurrentTimeMicros', 1, [
    { id: 1, type: fieldType.string, value: text('x'.repeat(500)) },
  ]);
  let at = 0;
  const trickle = setInterval(() => {
    trickling.send(bytes.subarray(at, at + 1));
    at += 1;
  }, 100);
  const framed = await rawConnection(service.port);
  framed.send(Buffer.concat([i32(33), call('getCurrentTimeMicros')]));
  const cutAfterMs = await Promise.all([silent.cut, trickling.cut, framed.cut]);
  clearInterval(trickle);
  for (const afterMs of cutAfterMs) {
    t.true(afterMs > 3_000 && afterMs < 20_000, `cut after ${afterMs} ms`);
  }
});

test('who is idle between calls is not cut', async (t) => {
  const idle = await rawConnection(service.port);
  t.true(await isAnswered(idle));
  const halfOpen = await rawConnection(service.port);
  halfOpen.send(Buffer.alloc(3, 128));
  // The other one is cut for its half message; this one has been idle for as long.
  await halfOpen.cut;
  t.true(await isAnswered(idle));
  idle.socket.destroy();
});

test('who asks and never reads is cut, and holds nobody up', async (t) => {
  const greedy = await rawConnection(service.port);
  greedy.socket.pause();
  const calls = Buffer.alloc(33 * 2_000, call('getCurrentTimeMicros'));
  const ask = () => {
    while (!greedy.socket.destroyed && greedy.socket.write(calls)) {}
  };
  greedy.socket.on('drain', ask);
  ask();
  await until('an end of who never reads', async () => {
    t.true(await isNewcomerAnswered());
    return greedy.socket.destroyed;
  });
  t.true((await greedy.cut) < 30_000);
});
