import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { forgetCache, openCache } from '../../../cli/completion/cache.js';
import { cachedValues } from '../../../cli/completion/cached-values.js';
import type { LiveKind } from '../../../cli/completion/live-values.js';
import { makeFolder } from '../support/run-pay.js';

const owner = { server: 'https://127.0.0.1:8443', user: 'alice' };
const never = new Promise<never>(() => undefined);

/** A server that says these names, one after the other, and a clock that is set by hand. */
async function world(names: readonly string[], folder?: string) {
  const at = { ms: Date.parse('2026-11-22T18:00:00Z') };
  const cache = openCache(folder ?? (await makeFolder()), owner);
  const left = [...names];
  const later: LiveKind[] = [];
  const now = () => new Date(at.ms);
  const find = async () => {
    const value = left.shift();
    if (value === undefined) {
      throw new Error('the server is gone');
    }
    return [{ value, description: '' }];
  };
  const ask = async (patience: Promise<unknown> = never, values = find) => {
    const askLater = async (kind: LiveKind) => void later.push(kind);
    const found = await cachedValues(values, { cache, now, patience, askLater })('contact');
    return found.map(({ value }) => value);
  };
  return { at, ask, later, cache };
}

test('for a minute nothing is asked again', async (t) => {
  const { at, ask } = await world(['bob', 'carol']);
  t.deepEqual(await ask(), ['bob']);
  at.ms += 59_000;
  t.deepEqual(await ask(), ['bob']);
  at.ms += 2_000;
  t.deepEqual(await ask(), ['carol']);
});

test('where the server is gone, what was known some minutes ago is there, and nothing else', async (t) => {
  const { at, ask } = await world(['bob']);
  t.deepEqual(await ask(), ['bob']);
  at.ms += 5 * 60_000;
  t.deepEqual(await ask(), ['bob']);
  at.ms += 15 * 60_000;
  t.deepEqual(await ask(), []);
});

test('who has waited long enough gets what is known, and the rest is looked for besides', async (t) => {
  const { ask, later } = await world([]);
  t.deepEqual(await ask(Promise.resolve(), () => never), []);
  t.deepEqual(later, ['contact']);
});

test('a clock that was put back makes nothing fresh', async (t) => {
  const { at, ask } = await world(['bob', 'carol']);
  await ask();
  at.ms -= 10_000;
  t.deepEqual(await ask(), ['carol']);
});

test('the files are for their owner only, damage is no cache, and forgetting takes all of a user', async (t) => {
  const folder = await makeFolder();
  const { ask } = await world(['bob', 'carol'], folder);
  await ask();
  const files = await readdir(join(folder, 'cache'), { recursive: true, withFileTypes: true });
  for (const file of files) {
    const { mode } = await stat(join(file.parentPath, file.name));
    t.is(mode & 0o777, file.isFile() ? 0o600 : 0o700, file.name);
  }
  const [file] = files.filter((one) => one.isFile());
  const path = join(file?.parentPath ?? '', file?.name ?? '');
  for (const damage of ['', '{', 'null', '[]', '{"atMs":1e99,"candidates":[{}]}']) {
    await writeFile(path, damage);
    t.is(await openCache(folder, owner).read('contact'), undefined, damage);
  }
  t.deepEqual(await ask(), ['carol']);
  await forgetCache(folder, owner);
  t.is(await openCache(folder, owner).read('contact'), undefined);
});

test('users and servers are kept apart, whatever they are called', async (t) => {
  const folder = await makeFolder();
  const values = { atMs: 1, candidates: [{ value: 'bob', description: '' }] };
  await openCache(folder, { ...owner, user: '..' }).write('contact', values);
  await openCache(folder, { ...owner, user: '.' }).write('contact', values);
  t.is(await openCache(folder, owner).read('contact'), undefined);
  await forgetCache(folder, { ...owner, user: '..' });
  t.deepEqual(await openCache(folder, { ...owner, user: '.' }).read('contact'), values);
  t.deepEqual(await readdir(folder), ['cache']);
});

test('nobody looks twice within the pause', async (t) => {
  const { cache } = await world([]);
  const nowMs = Date.now();
  t.true(await cache.begin('contact', nowMs, 10_000));
  t.false(await cache.begin('contact', nowMs + 1_000, 10_000));
  t.true(await cache.begin('payment', nowMs, 10_000));
  t.true(await cache.begin('contact', nowMs + 20_000, 10_000));
});
