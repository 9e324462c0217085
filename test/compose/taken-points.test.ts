import test from 'ava';
import { messagesOf, type Taken, takenIn } from '../../server/compose/taken-points.js';

test('what is told is read as it was, in messages that PostgreSQL takes', (t) => {
  const taken = Array.from({ length: 1_000 }, (_, index): Taken => ['caller', `user-${index}`, index]);
  const messages = messagesOf(taken);
  t.true(messages.length > 1);
  t.true(messages.every((message) => Buffer.byteLength(message) <= 8_000));
  t.deepEqual(messages.flatMap(takenIn), taken);
  t.deepEqual(messagesOf([]), []);
});

for (const message of [
  '',
  'hello',
  '5',
  'null',
  '{}',
  '[null]',
  '["caller"]',
  '[["caller","alice","5"]]',
  '[["caller","alice",-5]]',
]) {
  test(`nothing is counted of a message that is none: ${message || 'an empty one'}`, (t) => {
    t.deepEqual(takenIn(message), []);
  });
}
