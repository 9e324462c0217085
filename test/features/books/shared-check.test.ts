import test from 'ava';
import { Refusal } from '../../../server/errors.js';
import { makeSharedCheck } from '../../../server/features/books/shared-check.js';
import { startCheck } from '../../../server/features/books/start-check.js';
import { makeLogger } from '../../../server/program/process/logger.js';
import { sampleBooks } from './support/sample-books.js';

const logger = makeLogger({ level: 'silent', stream: process.stderr });

test('those who ask while a check is under way share it; who comes after gets one of their own', async (t) => {
  const file = await sampleBooks(t);
  let starts = 0;
  const shared = makeSharedCheck(() => {
    starts += 1;
    return startCheck(file);
  }, logger);
  const [one, other] = await Promise.all([shared.run(), shared.run()]);
  t.is(one, other);
  t.is(starts, 1);
  t.true(one.balanced);
  t.deepEqual(await shared.run(), one);
  t.is(starts, 2);
});

test('a check that cannot be made is refused, and the next is tried anew', async (t) => {
  const file = await sampleBooks(t);
  const files = [`${file}.gone`, file];
  const shared = makeSharedCheck(() => startCheck(files.shift() ?? ''), logger);
  const refusals = await Promise.allSettled([shared.run(), shared.run()]);
  for (const refusal of refusals) {
    t.true(refusal.status === 'rejected' && refusal.reason instanceof Refusal);
    t.is(refusal.status === 'rejected' && refusal.reason.code, 'STORAGE_UNAVAILABLE');
  }
  t.true((await shared.run()).balanced);
});

test('a check whose thread cannot be started is refused, and the next is tried anew', async (t) => {
  const file = await sampleBooks(t);
  let starts = 0;
  const shared = makeSharedCheck(() => {
    starts += 1;
    if (starts === 1) {
      throw new Error('ERR_WORKER_INIT_FAILED: EAGAIN');
    }
    return startCheck(file);
  }, logger);
  await t.throwsAsync(shared.run(), { instanceOf: Refusal, message: /cannot be checked now/ });
  t.true((await shared.run()).balanced);
});

test('a server that stops calls the check off, and begins no other', async (t) => {
  const file = await sampleBooks(t);
  const shared = makeSharedCheck(() => startCheck(file), logger);
  const asked = t.throwsAsync(shared.run(), { message: /the server is stopping/ });
  await shared.stop();
  await asked;
  await t.throwsAsync(shared.run(), { message: /the server is stopping/ });
  await shared.stop();
});
