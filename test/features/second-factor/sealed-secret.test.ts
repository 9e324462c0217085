import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { readOrMakeKeys } from '../../../server/features/second-factor/key-file.js';
import {
  hashRecoveryCode,
  makeRecoveryCodes,
} from '../../../server/features/second-factor/recovery-codes.js';
import { makeSealer } from '../../../server/features/second-factor/sealed-secret.js';

const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

test('a sealed secret opens with its key, for its user, and whole', (t) => {
  const [key, other] = [randomBytes(32), randomBytes(32)];
  const sealer = makeSealer([key]);
  const sealed = sealer.seal(secret, 7);
  t.false(sealed.includes(secret));
  t.not(sealer.seal(secret, 7), sealed);
  t.is(sealer.open(sealed, 7), secret);
  t.is(sealer.open(sealed, 8), undefined);
  t.is(makeSealer([other]).open(sealed, 7), undefined);
  t.is(makeSealer([other, key]).open(sealed, 7), secret, 'an older key still opens');
  fc.assert(
    fc.property(fc.nat(sealed.length - 1), fc.constantFrom('A', 'b', '0', '.', ''), (at, char) => {
      const changed = sealed.slice(0, at) + char + sealed.slice(at + 1);
      // The last character has bits that no byte takes.
      t.true(
        changed === sealed || at === sealed.length - 1 || sealer.open(changed, 7) === undefined,
        changed,
      );
    }),
  );
  for (const text of ['', '.', 'x', `${sealed.slice(0, 9)}AAAA`]) {
    t.is(sealer.open(text, 7), undefined);
  }
});

test('the key is made once, in a file that only its owner reads, and is not made again over one that is damaged', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'pay-keys-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const file = join(folder, 'second-factor.keys');
  const made = await readOrMakeKeys(folder);
  t.is((await stat(file)).mode & 0o777, 0o600);
  t.deepEqual(await readOrMakeKeys(folder), made);
  const before = await readFile(file, 'utf8');
  await writeFile(file, `${randomBytes(32).toString('base64')}\n${before}`, { mode: 0o644 });
  const both = await readOrMakeKeys(folder);
  t.is(both.length, 2);
  t.deepEqual(both[1], made[0]);
  t.is((await stat(file)).mode & 0o777, 0o600);
  for (const damaged of ['', '# nothing\n', 'c2hvcnQ=\n', `${before}short\n`]) {
    await writeFile(file, damaged);
    await t.throwsAsync(readOrMakeKeys(folder), { message: /second-factor\.keys does not hold keys/ });
    t.is(await readFile(file, 'utf8'), damaged);
  }
  await writeFile(file, `# ${'x'.repeat(256 * 1024)}\n${before}`);
  await t.throwsAsync(readOrMakeKeys(folder), { message: /second-factor\.keys is larger than 256 KiB/ });
});

test('recovery codes are ten, different, and kept by their hashes, however they are typed', (t) => {
  const codes = makeRecoveryCodes();
  t.is(new Set(codes).size, 10);
  for (const code of codes) {
    t.regex(code, /^[a-hjkmnp-z2-9]{4}(?:-[a-hjkmnp-z2-9]{4}){5}$/);
    t.is(hashRecoveryCode(code.toUpperCase().replaceAll('-', '')), hashRecoveryCode(code));
  }
});
