import { readdir } from 'node:fs/promises';
import { getPriority } from 'node:os';
import test from 'ava';
import { makeHashThread } from '../../../server/features/credentials/hash-thread.js';
import { makePasswordHasher } from '../../../server/features/credentials/password-hash.js';
import { needsThreadPriorities, testWith } from '../../support/needs.js';

const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** How many threads of this process step back behind others, and how far. */
async function threadsBehind(): Promise<readonly number[]> {
  const priorities = (await readdir('/proc/self/task')).map((id) => getPriority(Number(id)));
  return priorities.filter((priority) => priority > getPriority());
}

testWith(needsThreadPriorities)(
  'all passwords are hashed in one thread, which steps back behind all others',
  async (t) => {
    const hasher = makePasswordHasher();
    t.deepEqual(await threadsBehind(), []);
    await Promise.all(['one', 'two', 'three', 'four'].map((password) => hasher.hash(password, 'a test')));
    t.deepEqual(await threadsBehind(), [Math.min(19, getPriority() + 10)]);
  },
);

test('a thread that cannot do what it was asked says why, and does the next', async (t) => {
  const thread = makeHashThread({ cost, stepsBack: 0 });
  await t.throwsAsync(thread({ password: 'maple-7-otter', stored: 'no hash' }));
  const stored = String(await thread({ password: 'maple-7-otter' }));
  t.true(await thread({ password: 'maple-7-otter', stored }));
  t.false(await thread({ password: 'maple-7-otteR', stored }));
});
