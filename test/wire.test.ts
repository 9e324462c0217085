import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';

test('the contract that the client imports is types alone: nothing of it is left to run', async (t) => {
  const built = await readFile(join(import.meta.dirname, '../server/wire.js'), 'utf8');
  t.is(built.replace(/\/\/# sourceMappingURL=.*/, '').trim(), '');
});
