import test from 'ava';
import { connectTime } from '../../thrift/client.js';
import { startTimeService } from '../../thrift/service.js';
import { startTimeThread } from '../../thrift/thread.js';

test.serial('the thread answers while the thread that started it is busy', async (t) => {
  const thread = await startTimeThread({ host: '127.0.0.1', port: 0 });
  const client = connectTime(thread);
  const beforeMicros = await client.currentTimeMicros();
  const answer = client.currentTimeMicros();
  const untilMs = Date.now() + 700;
  while (Date.now() < untilMs) {
    // Busy beyond the deadline of the call: the answer that lies there counts nevertheless.
  }
  const micros = await answer;
  t.true(micros >= beforeMicros);
  t.true(micros < untilMs * 1_000);
  client.close();
  await thread.close();
});

test.serial('closing the thread frees its port, cuts its connections and is no failure', async (t) => {
  const thread = await startTimeThread({ host: '127.0.0.1', port: 0 });
  const client = connectTime(thread);
  await client.currentTimeMicros();
  await thread.close();
  await thread.close();
  await t.throwsAsync(client.currentTimeMicros(), { message: /ECONNREFUSED/ });
  client.close();
  const successor = await startTimeThread({ host: '127.0.0.1', port: thread.port });
  t.is(successor.port, thread.port);
  const first = await Promise.race([
    thread.failed.then(() => 'failed'),
    successor.close().then(() => 'closed'),
  ]);
  t.is(first, 'closed');
});

test.serial('a port in use is refused with the code of the system', async (t) => {
  const service = await startTimeService({ host: '127.0.0.1', port: 0 });
  await t.throwsAsync(startTimeThread({ host: '127.0.0.1', port: service.port }), {
    code: 'EADDRINUSE',
    message: /EADDRINUSE/,
  });
  await service.close();
});

test.serial('an address of another machine is refused with the code of the system', async (t) => {
  await t.throwsAsync(startTimeThread({ host: '192.0.2.1', port: 0 }), { code: 'EADDRNOTAVAIL' });
});
