import { setTimeout as delay } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { connectTime, type TimeClient, TimeUnavailable } from '../../thrift/client.js';
import { startTimeService } from '../../thrift/service.js';
import { fieldType, i32, type Message, message, messageType, text } from './binary-messages.js';
import { type FakeService, fakeService, microsAnswer } from './fake-service.js';

async function isUnavailable(t: ExecutionContext, call: Promise<unknown>, reason: RegExp): Promise<void> {
  await t.throwsAsync(call, { instanceOf: TimeUnavailable, message: reason });
}

/** Enough that only what is tested decides, however busy the machine is. */
const generousMs = 10_000;

/** A client that is closed, and a service that is ended, when the test is over. */
function clientOf(t: ExecutionContext, service: Service, deadlineMs = generousMs): TimeClient {
  const client = connectTime({ host: service.host, port: service.port, deadlineMs });
  t.teardown(async () => {
    client.close();
    await service.close();
  });
  return client;
}

interface Service {
  host: string;
  port: number;
  close(): Promise<void>;
}

async function durationMs(act: () => Promise<unknown>): Promise<number> {
  const sinceMs = performance.now();
  await act();
  return performance.now() - sinceMs;
}

for (const micros of [1_795_372_800_123_456, 0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) {
  test(`${micros} microseconds are read exactly`, async (t) => {
    const service = await startTimeService({ host: '127.0.0.1', port: 0, nowMicros: () => micros });
    const client = clientOf(t, service);
    t.is(await client.currentTimeMicros(), micros);
  });
}

test('the timestamp is read as it was sent', async (t) => {
  const nowMicros = () => Date.UTC(2026, 10, 22, 12, 0, 0) * 1_000;
  const service = await startTimeService({ host: '127.0.0.1', port: 0, nowMicros });
  const client = clientOf(t, service);
  t.is(await client.currentTimestamp(), '2026-11-22 12:00:00');
});

test('all calls, one after the other and at once, share one connection', async (t) => {
  const service = await fakeService((call, socket) => socket.write(microsAnswer(call, BigInt(call.seqid))));
  const client = clientOf(t, service);
  t.is(await client.currentTimeMicros(), 1);
  const together = await Promise.all(Array.from({ length: 50 }, () => client.currentTimeMicros()));
  t.deepEqual(
    together,
    Array.from({ length: 50 }, (_, index) => index + 2),
  );
  t.is(service.connectionCount(), 1);
});

test('answers find their calls in whatever order and pieces they come', async (t) => {
  const calls: Message[] = [];
  const service = await fakeService((call, socket) => {
    calls.push(call);
    if (calls.length === 5) {
      const answers = Buffer.concat(calls.reverse().map((one) => microsAnswer(one, BigInt(one.seqid))));
      for (let at = 0; at < answers.length; at += 5) {
        socket.write(answers.subarray(at, at + 5));
      }
    }
  });
  const client = clientOf(t, service);
  t.deepEqual(
    await Promise.all(Array.from({ length: 5 }, () => client.currentTimeMicros())),
    [1, 2, 3, 4, 5],
  );
});

test.serial('where nobody listens it says so at once', async (t) => {
  const service = await fakeService(() => {});
  await service.close();
  const client = clientOf(t, service);
  t.true(
    (await durationMs(() => isUnavailable(t, client.currentTimeMicros(), /ECONNREFUSED/))) < generousMs / 2,
  );
});

test.serial('who accepts and never answers is given up within the deadline', async (t) => {
  const service = await fakeService(() => {});
  const client = connectTime({ host: service.host, port: service.port });
  const waitedMs = await durationMs(() =>
    isUnavailable(t, client.currentTimeMicros(), /no answer within 500 ms/),
  );
  t.true(waitedMs > 480 && waitedMs < 5_000, `waited ${waitedMs} ms`);
  t.is(service.connectionCount(), 2);
  client.close();
  await service.close();
});

test.serial('the deadline can be chosen', async (t) => {
  const service = await fakeService(() => {});
  const client = clientOf(t, service, 50);
  const waitedMs = await durationMs(() =>
    isUnavailable(t, client.currentTimestamp(), /no answer within 50 ms/),
  );
  t.true(waitedMs < 450, `waited ${waitedMs} ms`);
});

test.serial('a slow service is waited for until the deadline', async (t) => {
  const service = await fakeService((call, socket) => {
    void delay(1_700).then(() => socket.write(microsAnswer(call, 7n)));
  });
  const client = clientOf(t, service, 3_000);
  t.is(await client.currentTimeMicros(), 7);
  t.is(await client.currentTimeMicros(), 7);
});

test.serial('a kept connection that fell silent is replaced within the call', async (t) => {
  let isSilent = false;
  const service = await fakeService((call, socket, connectionIndex) => {
    if (connectionIndex > 0 || !isSilent) {
      socket.write(microsAnswer(call, BigInt(connectionIndex)));
    }
  });
  const client = clientOf(t, service, 1_000);
  t.is(await client.currentTimeMicros(), 0);
  isSilent = true;
  t.is(await client.currentTimeMicros(), 1);
  t.is(await client.currentTimeMicros(), 1);
  t.is(service.connectionCount(), 2);
});

test('a kept connection that was cut is replaced within the call', async (t) => {
  const service = await fakeService((call, socket, connectionIndex) => {
    if (connectionIndex === 0 && call.seqid === 2) {
      socket.destroy();
    } else {
      socket.write(microsAnswer(call, BigInt(connectionIndex)));
    }
  });
  const client = clientOf(t, service);
  t.is(await client.currentTimeMicros(), 0);
  t.is(await client.currentTimeMicros(), 1);
});

test('it asks again once and not for ever', async (t) => {
  const service = await fakeService((_call, socket) => socket.destroy());
  const client = clientOf(t, service);
  await isUnavailable(t, client.currentTimeMicros(), /closed the connection|ECONNRESET/);
  t.is(service.connectionCount(), 2);
});

test.serial('an answer that comes after the deadline never reaches a later call', async (t) => {
  const late: (() => void)[] = [];
  let isLate = true;
  const service = await fakeService((call, socket) => {
    if (isLate) {
      late.push(() => socket.write(microsAnswer(call, 666n)));
    } else {
      for (const answer of late.splice(0)) {
        answer();
      }
      socket.write(microsAnswer(call, 42n));
    }
  });
  const client = clientOf(t, service, 1_000);
  await isUnavailable(t, client.currentTimeMicros(), /no answer/);
  isLate = false;
  t.is(await client.currentTimeMicros(), 42);
  t.is(await client.currentTimeMicros(), 42);
});

test('after a restart of the service it connects anew by itself', async (t) => {
  const service = await startTimeService({ host: '127.0.0.1', port: 0, nowMicros: () => 1 });
  const client = clientOf(t, service);
  t.is(await client.currentTimeMicros(), 1);
  await service.close();
  await isUnavailable(t, client.currentTimeMicros(), /ECONNREFUSED/);
  const restarted = await startTimeService({ ...service, nowMicros: () => 2 });
  t.is(await client.currentTimeMicros(), 2);
  await restarted.close();
  const again = await startTimeService({ ...service, nowMicros: () => 3 });
  t.is(await client.currentTimeMicros(), 3);
  await again.close();
});

const reply = { type: messageType.reply };
const wrongAnswers: Record<string, (call: Message) => Buffer> = {
  'random bytes': () => Buffer.alloc(64, 255),
  'text of another protocol': () => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'),
  'the answer to another call': (call) => microsAnswer({ ...call, seqid: call.seqid + 1 }, 1n),
  'the answer of another function': (call) => microsAnswer({ ...call, name: 'getMoney' }, 1n),
  'a string for a number': (call) =>
    message({ ...call, ...reply, fields: [{ id: 0, type: fieldType.string, value: text('now') }] }),
  'the other function’s answer': (call) =>
    message({
      ...call,
      ...reply,
      name: 'getCurrentTimestamp',
      fields: [{ id: 0, type: fieldType.string, value: text('2026-11-22 12:00:00') }],
    }),
  'an i32 for an i64': (call) =>
    message({ ...call, ...reply, fields: [{ id: 0, type: fieldType.i32, value: i32(5) }] }),
  'an answer without a value': (call) => message({ ...call, ...reply, fields: [] }),
  'a call for an answer': (call) => message({ ...call, fields: [] }),
  'an exception': (call) =>
    message({
      ...call,
      type: messageType.exception,
      fields: [{ id: 1, type: fieldType.string, value: text('out of order') }],
    }),
  'a number beyond what is exact': (call) => microsAnswer(call, 9_007_199_254_740_993n),
  'a negative number beyond what is exact': (call) => microsAnswer(call, -(2n ** 63n)),
  'a message beyond 64 KiB': () =>
    Buffer.concat([Buffer.from('80010002', 'hex'), i32(70_000), Buffer.alloc(70_000)]),
};

for (const [what, wrongAnswer] of Object.entries(wrongAnswers)) {
  test.serial(`${what} is no time`, async (t) => {
    const service: FakeService = await fakeService((call, socket) => socket.write(wrongAnswer(call)));
    const client = clientOf(t, service);
    t.true(
      (await durationMs(() => isUnavailable(t, client.currentTimeMicros(), /gives no time/))) <
        generousMs / 2,
    );
  });
}

test('half an answer is no time', async (t) => {
  const service = await fakeService((call, socket) => socket.write(microsAnswer(call, 5n).subarray(0, -2)));
  const client = clientOf(t, service, 500);
  await isUnavailable(t, client.currentTimeMicros(), /no answer within/);
});

test('half an answer and the end of the connection is no time', async (t) => {
  const service = await fakeService((call, socket) => socket.end(microsAnswer(call, 5n).subarray(0, -2)));
  const client = clientOf(t, service);
  await isUnavailable(t, client.currentTimeMicros(), /closed the connection/);
});

for (const timestamp of ['', '2026-11-22T12:00:00Z', '2026-11-22 12:00:00.5', 'noon']) {
  test(`"${timestamp}" is no timestamp`, async (t) => {
    const service = await fakeService((call, socket) =>
      socket.write(
        message({ ...call, ...reply, fields: [{ id: 0, type: fieldType.string, value: text(timestamp) }] }),
      ),
    );
    const client = clientOf(t, service);
    await isUnavailable(t, client.currentTimestamp(), /gives no time/);
  });
}

test('after a wrong answer a right one is taken', async (t) => {
  const service = await fakeService((call, socket, connectionIndex) =>
    socket.write(connectionIndex < 2 ? Buffer.alloc(64, 255) : microsAnswer(call, 8n)),
  );
  const client = clientOf(t, service);
  await isUnavailable(t, client.currentTimeMicros(), /gives no time/);
  t.is(await client.currentTimeMicros(), 8);
});

test('closing ends the calls under way, and none can follow', async (t) => {
  const service = await fakeService(() => {});
  const client = clientOf(t, service);
  const underWay = client.currentTimeMicros();
  client.close();
  await isUnavailable(t, underWay, /closed/);
  await isUnavailable(t, client.currentTimeMicros(), /closed/);
});

test('an idle client, with its connection open, does not keep its process alive', async (t) => {
  const service = await startTimeService({ host: '127.0.0.1', port: 0 });
  const program = `
    const { connectTime } = await import(${JSON.stringify(new URL('../../thrift/client.js', import.meta.url).href)});
    const client = connectTime({ host: 'localhost', port: ${service.port} });
    console.log(await client.currentTimeMicros() > 0);`;
  const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', program], {
    timeout: 5_000,
  });
  t.is(stdout, 'true');
  await service.close();
});

test('after closing, calls under way included, the process can end', async (t) => {
  const service = await fakeService(() => {});
  const program = `
    const { connectTime } = await import(${JSON.stringify(new URL('../../thrift/client.js', import.meta.url).href)});
    const client = connectTime({ host: '127.0.0.1', port: ${service.port}, deadlineMs: 60_000 });
    const refused = client.currentTimeMicros().catch((error) => error.name);
    client.close();
    console.log(await refused);`;
  const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', program], {
    timeout: 5_000,
  });
  t.is(stdout, 'TimeUnavailable');
  await service.close();
});
