import test from 'ava';
import { startTimeService } from '../../thrift/service.js';
import { call, callWithoutVersion, fieldType, i32, message, messageType, text } from './binary-messages.js';
import { rawConnection } from './raw-connection.js';

const noon = Date.UTC(2026, 10, 22, 12, 0, 0);

async function serviceAt(nowMicros?: () => number) {
  const service = await startTimeService({ host: '127.0.0.1', port: 0, ...(nowMicros ? { nowMicros } : {}) });
  const connection = await rawConnection(service.port);
  return {
    ...connection,
    port: service.port,
    async ask(bytes: Buffer) {
      connection.send(bytes);
      const [answer] = await connection.answers(1);
      if (answer === undefined) {
        throw new Error('answers(1) gives one');
      }
      return answer;
    },
    async end() {
      connection.socket.destroy();
      await service.close();
    },
  };
}

for (const micros of [noon * 1_000 + 123_456, 0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) {
  test(`${micros} microseconds arrive exactly`, async (t) => {
    const service = await serviceAt(() => micros);
    const answer = await service.ask(call('getCurrentTimeMicros', 7));
    t.like(answer, { name: 'getCurrentTimeMicros', type: messageType.reply, seqid: 7 });
    t.deepEqual(
      answer.fields.map(({ id, type, value }) => ({ id, type, value: value.readBigInt64BE() })),
      [{ id: 0, type: fieldType.i64, value: BigInt(micros) }],
    );
    await service.end();
  });
}

test('the timestamp is the begun second in UTC', async (t) => {
  const service = await serviceAt(() => noon * 1_000 + 999_999);
  const answer = await service.ask(call('getCurrentTimestamp', 9));
  t.like(answer, { name: 'getCurrentTimestamp', type: messageType.reply, seqid: 9 });
  t.deepEqual(
    answer.fields.map(({ id, type, value }) => ({ id, type, value: value.toString() })),
    [{ id: 0, type: fieldType.string, value: '2026-11-22 12:00:00' }],
  );
  await service.end();
});

test('without a clock of its own it tells the time of this machine', async (t) => {
  const service = await serviceAt();
  const beforeMs = Date.now();
  const answer = await service.ask(call('getCurrentTimeMicros'));
  const micros = Number(answer.fields[0]?.value.readBigInt64BE());
  t.true(micros >= beforeMs * 1_000);
  t.true(micros < (Date.now() + 1) * 1_000);
  await service.end();
});

test('a client that sends no version is answered', async (t) => {
  const service = await serviceAt(() => 42);
  const answer = await service.ask(callWithoutVersion('getCurrentTimeMicros', 3));
  t.like(answer, { type: messageType.reply, seqid: 3 });
  t.is(answer.fields[0]?.value.readBigInt64BE(), 42n);
  const unknown = await service.ask(callWithoutVersion('getMoney', 4));
  t.like(unknown, { name: 'getMoney', type: messageType.exception, seqid: 4 });
  await service.end();
});

for (const name of [
  'getMoney',
  '',
  'constructor',
  '__proto__',
  'process_getCurrentTimestamp',
  'é'.repeat(500),
]) {
  test(`an unknown function (${name.slice(0, 30)}) gets Thrift's exception, and the next call its answer`, async (t) => {
    const service = await serviceAt(() => 42);
    const answer = await service.ask(call(name, 5));
    t.like(answer, { name, type: messageType.exception, seqid: 5 });
    const [reason, type] = answer.fields;
    t.true(reason?.value.toString().startsWith('Unknown function'));
    // TApplicationException: 1 is UNKNOWN_METHOD.
    t.deepEqual([type?.id, type?.type, type?.value.readInt32BE()], [2, fieldType.i32, 1]);
    t.is((await service.ask(call('getCurrentTimeMicros'))).type, messageType.reply);
    await service.end();
  });
}

test('arguments that it does not know are passed over', async (t) => {
  const service = await serviceAt(() => 42);
  const fields = [
    { id: 1, type: fieldType.string, value: text('x'.repeat(60_000)) },
    {
      id: 2,
      type: fieldType.list,
      value: Buffer.concat([Buffer.from([fieldType.i32]), i32(2), i32(1), i32(2)]),
    },
    { id: 3, type: fieldType.map, value: Buffer.concat([Buffer.from([11, 8]), i32(1), text('k'), i32(1)]) },
  ];
  const answer = await service.ask(call('getCurrentTimeMicros', 1, fields));
  t.is(answer.fields[0]?.value.readBigInt64BE(), 42n);
  await service.end();
});

test('calls are answered in order, however the bytes are cut', async (t) => {
  const service = await serviceAt(() => 42);
  const seqids = Array.from({ length: 100 }, (_, index) => index + 1);
  const bytes = Buffer.concat(seqids.map((seqid) => call('getCurrentTimestamp', seqid)));
  for (let at = 0; at < bytes.length; at += 7) {
    service.send(bytes.subarray(at, at + 7));
  }
  const answers = await service.answers(100);
  t.deepEqual(
    answers.map(({ seqid }) => seqid),
    seqids,
  );
  await service.end();
});

test('who ends its side after asking still gets all answers', async (t) => {
  const service = await serviceAt(() => 42);
  const calls = Array.from({ length: 500 }, (_, index) => call('getCurrentTimeMicros', index));
  service.socket.end(Buffer.concat(calls));
  t.is((await service.answers(500)).length, 500);
  await service.cut;
  await service.end();
});

test('a clock that fails is answered with an exception, and the service lives on', async (t) => {
  let isBroken = true;
  const service = await serviceAt(() => {
    if (isBroken) {
      throw new Error('the clock stands still');
    }
    return 42;
  });
  for (const name of ['getCurrentTimeMicros', 'getCurrentTimestamp']) {
    const answer = await service.ask(call(name, 8));
    t.like(answer, { name, type: messageType.exception, seqid: 8 });
    t.is(answer.fields[0]?.value.toString(), 'the clock stands still');
  }
  isBroken = false;
  t.is((await service.ask(call('getCurrentTimeMicros'))).type, messageType.reply);
  await service.end();
});

test('a clock that gives half microseconds or no time is answered with an exception', async (t) => {
  const service = await serviceAt(() => Number.NaN);
  t.is((await service.ask(call('getCurrentTimeMicros'))).type, messageType.exception);
  t.is((await service.ask(call('getCurrentTimestamp'))).type, messageType.exception);
  await service.end();
});

test('a message that is no call ends the connection, after the answers to the calls before it', async (t) => {
  const service = await serviceAt(() => 42);
  const reply = message({ name: 'getCurrentTimeMicros', type: messageType.reply, seqid: 2, fields: [] });
  service.send(Buffer.concat([call('getCurrentTimeMicros', 1), reply]));
  t.is((await service.answers(1))[0]?.seqid, 1);
  await service.cut;
  await t.throwsAsync(service.answers(1));
  await service.end();
});

test('closing cuts the connections and frees the port', async (t) => {
  const service = await startTimeService({ host: '127.0.0.1', port: 0 });
  const connection = await rawConnection(service.port);
  await service.close();
  await connection.cut;
  const successor = await startTimeService({ host: '127.0.0.1', port: service.port });
  t.is(successor.port, service.port);
  await successor.close();
});

test('a port in use is refused with the code of the system', async (t) => {
  const service = await startTimeService({ host: '127.0.0.1', port: 0 });
  await t.throwsAsync(startTimeService({ host: '127.0.0.1', port: service.port }), { code: 'EADDRINUSE' });
  await service.close();
});
