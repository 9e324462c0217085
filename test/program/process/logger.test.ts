import { Writable } from 'node:stream';
import test from 'ava';
import { makeLogger } from '../../../server/program/process/logger.js';

function makeStream(options: { isTTY?: boolean } = {}): { stream: Writable; text: () => string } {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  return { stream: Object.assign(stream, options), text: () => chunks.join('') };
}

test('the logger writes one JSON object a line, from its level upwards', (t) => {
  const { stream, text } = makeStream();
  const logger = makeLogger({ level: 'info', stream });
  logger.info({ a: 1 }, 'first');
  logger.debug('not this');
  logger.warn('second');
  const lines = text()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  t.deepEqual(
    lines.map(({ level, msg }) => [level, msg]),
    [
      [30, 'first'],
      [40, 'second'],
    ],
  );
});

test('secrets are blotted out wherever they are in a line', (t) => {
  const { stream, text } = makeStream();
  const secrets = {
    password: 'hunter2',
    currentPassword: 'hunter2',
    newPassword: 'hunter2',
    token: 'hunter2',
  };
  const logger = makeLogger({ level: 'info', stream });
  logger.info({ ...secrets, body: secrets, req: { headers: { authorization: 'Bearer hunter2' } } }, 'oops');
  t.false(text().includes('hunter2'));
  t.is(JSON.parse(text()).body.password, '[redacted]');
});

test('on a terminal the lines are for people', (t) => {
  const { stream, text } = makeStream({ isTTY: true });
  makeLogger({ level: 'info', stream }).info({ password: 'hunter2' }, 'hello');
  t.regex(text(), /INFO.*hello/);
  t.false(text().includes('hunter2'));
  t.throws(() => JSON.parse(text()));
});
