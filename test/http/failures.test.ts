import test from 'ava';
import { isProblem } from './support/problem.js';
import { readToEnd, startServer } from './support/server.js';

const key = { 'idempotency-key': 'k' };

test('an unexpected error is a problem that gives nothing away, and its stack is in the log', async (t) => {
  const { ask, log } = await startServer(t);
  const reply = await ask('/bug');
  isProblem(t, reply, 'INTERNAL_ERROR');
  t.false(reply.text.includes('hunter2'));
  const line = log().find((entry) => entry.level === 50);
  t.regex(JSON.stringify(line?.err), /"stack":"Error: the password is hunter2.*routes/);
  t.is(line?.requestId, reply.json.requestId);
});

test('a refusal gives its figures', async (t) => {
  const { ask } = await startServer(t);
  const reply = await ask('/poor');
  isProblem(t, reply, 'INSUFFICIENT_FUNDS');
  t.deepEqual(reply.json.available, { amount: '1.00', currency: 'GBP' });
});

test('503 says when to try again', async (t) => {
  const { ask } = await startServer(t);
  t.is((await ask('/unavailable')).headers['retry-after'], '1');
  t.is((await ask('/full')).headers['retry-after'], '7');
});

test('a failure under a key says that the outcome is unknown and what settles it', async (t) => {
  const { ask } = await startServer(t);
  for (const [path, code] of [
    ['/bug', 'INTERNAL_ERROR'],
    ['/unavailable', 'CLOCK_UNAVAILABLE'],
  ] as const) {
    const reply = await ask(path, { send: { dryRun: false }, headers: key });
    isProblem(t, reply, code);
    t.regex(reply.json.detail, /outcome is unknown: repeat with the same Idempotency-Key/);
  }
});

test('a failure that moved nothing for sure does not say so', async (t) => {
  const { ask } = await startServer(t);
  const replies = [
    await ask('/bug', { send: { dryRun: true } }),
    await ask('/unavailable'),
    await ask('/poor', { send: { dryRun: false }, headers: key }),
    await ask('/told', { send: { dryRun: false }, headers: key }),
  ];
  for (const reply of replies) {
    t.notRegex(reply.json.detail, /Idempotency-Key/);
  }
});

test('a stream that fails half-way is cut off, not passed off as whole, and is in the log', async (t) => {
  const { dial, log } = await startServer(t);
  const socket = await dial();
  socket.on('error', () => {});
  socket.write('GET /spill HTTP/1.1\r\nHost: x\r\n\r\n');
  const text = await readToEnd(socket).catch((error: NodeJS.ErrnoException) => error.code ?? '');
  t.false(text.includes('\r\n0\r\n'));
  t.true(log().some((entry) => entry.level === 50 && entry.msg === 'an answer broke off'));
});

test('a handler learns that its client went away', async (t) => {
  const { dial, gate } = await startServer(t);
  const socket = await dial();
  socket.write('POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n');
  const signal = await gate.arrival();
  t.false(signal.aborted);
  const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
  socket.destroy();
  await aborted;
  t.true(signal.aborted);
});

test('a handler whose answer went out is not told that its client left', async (t) => {
  const { ask, gate } = await startServer(t);
  const reply = ask('/slow', { method: 'POST' });
  const signal = await gate.arrival();
  gate.open();
  t.is((await reply).status, 200);
  t.false(signal.aborted);
});
