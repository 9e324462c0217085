import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { needsProgram, testWith } from '../support/needs.js';

const root = join(import.meta.dirname, '../../..');

/** What the commands of the README write into the folder that they are typed in. */
const written = [
  'openapi.json',
  'pay-0.1.0.tgz',
  'pay_0.1.0_amd64.deb',
  'pay-2026-11-23.backup',
  'restored/tls.key',
  'back/pay.db',
  'data/tls.key',
  'build/sbom.cdx.json',
];

const title = 'what the commands of the README write is neither checked for form nor committed';

testWith(needsProgram('git'))(title, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'pay-git-ignore-'));
  t.teardown(() => rm(folder, { recursive: true }));
  await execa('git', ['init', '--quiet'], { cwd: folder });
  await cp(join(root, '.gitignore'), join(folder, '.gitignore'));
  const { stdout } = await execa('git', ['check-ignore', ...written], { cwd: folder, reject: false });
  t.deepEqual(stdout.split('\n'), written);
});
