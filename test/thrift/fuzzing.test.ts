import { randomInt } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import { connectTime } from '../../thrift/client.js';
import { startTimeThread } from '../../thrift/thread.js';
import { call, fieldType, i32, text } from './binary-messages.js';
import { rawConnection } from './raw-connection.js';

/** Set PAY_FUZZ_SEED to what a failure printed, to have the same frames again. */
const seed = Number(process.env.PAY_FUZZ_SEED ?? randomInt(2 ** 31));
const frameCount = 10_000;
/** So many are sent on one connection, as long as it is not cut, and so many connections are busy at once. */
const framesEach = 20;
const atOnce = 20;

const bytes = (most: number) => fc.uint8Array({ maxLength: most }).map((array) => Buffer.from(array));
const good = call('getCurrentTimeMicros', 5, [{ id: 1, type: fieldType.string, value: text('abc') }]);

const spliced = fc
  .tuple(fc.nat({ max: good.length }), fc.nat({ max: 6 }), bytes(6))
  .map(([at, count, more]) => Buffer.concat([good.subarray(0, at), more, good.subarray(at + count)]));

const frames: fc.Arbitrary<Buffer> = fc.oneof(
  bytes(200),
  bytes(200).map((rest) => Buffer.concat([good.subarray(0, -1), rest])),
  spliced,
  fc.tuple(fc.integer(), bytes(40)).map(([length, rest]) => Buffer.concat([i32(length), rest])),
  fc.constant(good),
);

test('ten thousand frames of any kind harm nobody beside them', async (t) => {
  t.timeout(180_000);
  t.log(`PAY_FUZZ_SEED=${seed}`);
  // In a thread of its own, as the server runs it: what is made and sent here does not hold it up.
  const service = await startTimeThread({ host: '127.0.0.1', port: 0 });
  t.teardown(service.close);
  const client = connectTime({ host: '127.0.0.1', port: service.port, deadlineMs: 1_000 });
  t.teardown(() => client.close());
  const all = fc.sample(frames, { seed, numRuns: frameCount });
  const batches = Array.from({ length: frameCount / framesEach }, (_, index) =>
    all.slice(index * framesEach, (index + 1) * framesEach),
  );
  let answered = 0;
  for (let at = 0; at < batches.length; at += atOnce) {
    const connections = await Promise.all(
      batches.slice(at, at + atOnce).map(async (batch) => {
        let connection = await rawConnection(service.port);
        for (const frame of batch) {
          if (connection.socket.destroyed) {
            connection = await rawConnection(service.port);
          }
          connection.send(frame);
          // The other side's word is waited for now and then, so that what comes after a cut is sent on a fresh one.
          await new Promise(setImmediate);
        }
        return connection;
      }),
    );
    const micros = await client.currentTimeMicros();
    t.true(micros > 0);
    answered += 1;
    for (const { socket } of connections) {
      socket.destroy();
    }
  }
  t.is(answered, batches.length / atOnce);
});
