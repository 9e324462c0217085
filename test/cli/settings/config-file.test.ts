import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { Failure } from '../../../cli/failure/failure.js';
import { withLock } from '../../../cli/files/lock.js';
import { readConfig, updateConfig, withPin, withProfile } from '../../../cli/settings/config-file.js';
import { makeCredentials } from '../../../cli/settings/credentials.js';
import { needsProc, testWith } from '../../support/needs.js';
import { makeFolder } from '../support/run-pay.js';

const server = 'https://a.example';

test('changes made at the same time are all kept', async (t) => {
  const folder = await makeFolder();
  const names = Array.from({ length: 40 }, (_, index) => `user${index}`);
  await Promise.all(
    names.map((username) =>
      updateConfig(folder, (config) => withProfile(config, username, { server, username, currency: 'GBP' })),
    ),
  );
  const { profiles } = await readConfig(folder);
  t.deepEqual(Object.keys(profiles).sort(), names.sort());
  t.deepEqual(
    (await readdir(folder)).filter((name) => name !== 'config.json'),
    [],
  );
});

test('the folder and its files are the owner’s alone', async (t) => {
  const folder = join(await makeFolder(), 'deep', 'pay');
  await updateConfig(folder, (config) => withPin(config, server, 'SHA256:x'));
  await makeCredentials(folder, false).keep('id', 'secret');
  t.is((await stat(folder)).mode & 0o777, 0o700);
  t.is((await stat(join(folder, 'config.json'))).mode & 0o777, 0o600);
  t.is((await stat(join(folder, 'credentials.json'))).mode & 0o777, 0o600);
});

testWith(needsProc)('a folder that cannot be made below one that is there is refused', async (t) => {
  await t.throwsAsync(
    updateConfig('/proc/pay/config', (config) => withPin(config, server, 'SHA256:x')),
    { instanceOf: Failure, message: /^\/proc\/pay\/config cannot be written: nothing can be made there\.$/ },
  );
});

test('a lock whose holder is dead is taken over', async (t) => {
  const folder = await makeFolder();
  // No process has this number: the largest that Linux gives is 2^22.
  await writeFile(join(folder, 'config.lock'), '4194305');
  await updateConfig(folder, (config) => withPin(config, server, 'SHA256:x'));
  t.deepEqual((await readConfig(folder)).pins, { [server]: 'SHA256:x' });
});

test('work under a lock never overlaps, also when many find it abandoned', async (t) => {
  const folder = await makeFolder();
  const path = join(folder, 'lock');
  await writeFile(path, '4194305');
  let inside = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 30 }, () =>
      withLock(path, async () => {
        inside += 1;
        most = Math.max(most, inside);
        await readdir(folder);
        inside -= 1;
      }),
    ),
  );
  t.is(most, 1);
});

test('a damaged file is refused and left as it is', async (t) => {
  const folder = await makeFolder();
  for (const text of ['{', '[]', '', '{"profiles":{"a":{"server":1}}}']) {
    await writeFile(join(folder, 'config.json'), text);
    const error = await t.throwsAsync(() => updateConfig(folder, (config) => config), {
      instanceOf: Failure,
    });
    t.is(error?.kind, 'usage');
    t.is(await readFile(join(folder, 'config.json'), 'utf8'), text);
  }
});

test('a profile may be called like something that every object has', async (t) => {
  const folder = await makeFolder();
  const profile = { server, username: '__proto__', currency: 'GBP' };
  await updateConfig(folder, (config) => withProfile(config, '__proto__', profile));
  const { profiles } = await readConfig(folder);
  t.true(Object.hasOwn(profiles, '__proto__'));
});

test('a token is found again and forgotten for good', async (t) => {
  const folder = await makeFolder();
  await mkdir(folder, { recursive: true });
  const credentials = makeCredentials(folder, false);
  const store = await credentials.keep('one', 'secret one');
  await credentials.keep('two', 'secret two');
  const place = { credentialId: 'one', store, expiresAt: '' };
  t.is(await credentials.find(place), 'secret one');
  await credentials.forget(place);
  t.is(await credentials.find(place), undefined);
  t.is(await credentials.find({ ...place, credentialId: 'two' }), 'secret two');
  t.false((await readFile(join(folder, 'credentials.json'), 'utf8')).includes('secret one'));
});
