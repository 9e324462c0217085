import test from 'ava';
import { makeClosing } from '../../server/compose/closing.js';

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
