import test from 'ava';
import { type Closing, closeAfter, makeClosing } from '../../server/compose/closing.js';

test('what was opened last is closed first, and a close that fails keeps nothing before it open', async (t) => {
  const closing = makeClosing();
  const closed: string[] = [];
  closing.add(() => void closed.push('lock'));
  closing.add(async () => {
    throw new Error('the readers stay');
  });
  closing.add(() => void closed.push('server'));
  await t.throwsAsync(closing.run(), { message: 'the readers stay' });
  t.deepEqual(closed, ['server', 'lock']);
});

test('of several that fail each is told', async (t) => {
  const closing = makeClosing();
  for (const name of ['lock', 'readers']) {
    closing.add(() => {
      throw new Error(`the ${name} stay`);
    });
  }
  const { errors } = await t.throwsAsync<AggregateError>(closing.run(), { instanceOf: AggregateError });
  t.deepEqual(
    errors.map(({ message }) => message),
    ['the readers stay', 'the lock stay'],
  );
});

test('work that fails says why, and not what could not be closed after it', async (t) => {
  const closed: string[] = [];
  const open = (closing: Closing) => {
    closing.add(() => void closed.push('lock'));
    closing.add(() => {
      throw new Error('the readers stay');
    });
  };
  const failing = closeAfter(async (closing) => {
    open(closing);
    throw new Error('the disk is full');
  });
  await t.throwsAsync(failing, { message: 'the disk is full' });
  await t.throwsAsync(
    closeAfter(async (closing) => open(closing)),
    { message: 'the readers stay' },
  );
  t.deepEqual(closed, ['lock', 'lock']);
  t.is(await closeAfter(async () => 'done'), 'done');
});
