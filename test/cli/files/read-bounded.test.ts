import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import test from 'ava';
import { readPeople } from '../../../cli/admin/people-file.js';
import { extraAuthorities } from '../../../cli/api/trust/authorities.js';
import { readClass } from '../../../cli/collections/class-file.js';
import { readBounded, readFileBounded } from '../../../cli/files/read-bounded.js';
import { readJsonFile } from '../../../cli/files/read-file.js';

/** What has no end, and says how much of it was taken. */
function endless(): { readonly stream: Readable; taken(): number } {
  let taken = 0;
  const stream = new Readable({
    read() {
      taken += 1024;
      this.push(Buffer.alloc(1024, 'a'));
    },
  });
  return { stream, taken: () => taken };
}

test('what has no end is left where its bound is reached', async (t) => {
  const { stream, taken } = endless();
  await t.throwsAsync(readBounded(stream, 4096), { message: 'it is larger than 4 KiB' });
  t.true(taken() < 1024 * 1024);
  t.true(stream.destroyed);
});

test('as many bytes as the bound are read whole', async (t) => {
  t.is((await readBounded(Readable.from([Buffer.alloc(4000, 'a'), Buffer.from('€')]), 4003)).length, 4003);
  await t.throwsAsync(readBounded(Readable.from([Buffer.alloc(4000, 'a'), Buffer.from('€')]), 4002));
  const folder = await mkdtemp(join(tmpdir(), 'pay-read-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const path = join(folder, 'file');
  await writeFile(path, 'åb');
  t.is((await readFileBounded(path, { mostBytes: 3 })).toString(), 'åb');
  await t.throwsAsync(readFileBounded(path, { mostBytes: 2 }), { message: /larger/ });
});

test('a device in place of a file is refused, whatever the file is for', async (t) => {
  const reads: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
    settings: readJsonFile,
    people: readPeople,
    class: readClass,
    authorities: (path) => extraAuthorities({ PAY_CA: path }),
  };
  for (const [what, read] of Object.entries(reads)) {
    await t.throwsAsync(read('/dev/zero'), { message: /it is larger than 1 MiB/ }, what);
  }
});
